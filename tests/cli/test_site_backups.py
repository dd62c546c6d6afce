"""`taruvi sites backup` and what goes with it, on the embedded store."""

import asyncio

import pytest

from adapters.s3.address import read_address
from adapters.s3.bucket import open_bucket
from tests.cli.conftest import Cli

pytestmark = [pytest.mark.postgres, pytest.mark.storage]


@pytest.fixture
def cli(own_cli: Cli) -> Cli:
    """Sweeping and expiring are of all sites."""
    return own_cli


def test_a_site_is_backed_up_put_away_copied_and_exported(cli: Cli, site: str) -> None:
    done = cli("sites", "backup", site)
    assert done.returncode == 0, done.stderr
    assert "dumping the schema" in done.stderr
    backup_id = done.stdout.splitlines()[0].removeprefix(f"backed up {site}: ")
    listed = cli("sites", "backups", site).stdout.splitlines()
    assert [line.split()[:3] for line in listed[1:]] == [[backup_id, "backup", "ready"]]

    assert cli("sites", "restore", site, backup_id, "--as", f"r-{site}").returncode == 0
    assert "allows 2 sites" in cli("sites", "clone", site, f"c-{site}").stderr
    assert cli("sites", "delete", f"r-{site}", "--confirm", f"r-{site}").returncode == 0
    assert cli("sites", "clone", site, f"c-{site}").stdout == f"cloned {site} to c-{site}\n"
    refused = cli("sites", "restore", site, backup_id, "--confirm", "another")
    assert (refused.returncode, site in refused.stderr) == (1, True)
    done = cli("sites", "restore", site, backup_id, typed=f"{site}\n")
    assert f"restored {site} from {backup_id}\n" in done.stdout

    assert cli("sites", "archive", site).stdout.startswith(f"archived {site}: ")
    assert cli("sites", "backup", site).returncode == 1
    assert cli("files", "sweep", "--dry-run").returncode == 0
    assert cli("sites", "unarchive", site).stdout == f"unarchived {site}\n"
    exported = cli("sites", "export", site).stdout.splitlines()
    assert exported[1].startswith("http://127.0.0.1:")
    assert cli("sites", "expire-backups").stdout.startswith("0 backups given up")


async def cut_dumps(url: str) -> None:
    """As a broken disk would."""
    async with open_bucket(read_address(url), part_bytes=5 << 20) as bucket:
        found = await bucket.client.list_objects_v2(Bucket=bucket.name)
        for key in [one["Key"] for one in found["Contents"] if one["Key"].endswith("-dump")]:
            await bucket.client.put_object(Bucket=bucket.name, Key=key, Body=b"PGDMP")


def test_a_restore_that_fails_leaves_no_backup_under_way(cli: Cli, site: str) -> None:
    assert cli("sites", "backup", site).returncode == 0
    backup_id = cli("sites", "backups", site).stdout.splitlines()[1].split()[0]
    asyncio.run(cut_dumps(str(cli.keywords["TARUVI_STORAGE_URL"])))  # type: ignore[attr-defined]  # it is a partial
    failed = cli("sites", "restore", site, backup_id, "--confirm", site)
    assert failed.returncode == 1
    assert failed.stderr.splitlines()[-1].startswith("error: ")
    statuses = [line.split()[2] for line in cli("sites", "backups", site).stdout.splitlines()[1:]]
    assert statuses == ["failed", "ready"]
    assert any(line.startswith(site) and "active" in line for line in cli("sites", "list").stdout.splitlines())
