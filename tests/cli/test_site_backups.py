"""`taruvi sites backup` and what goes with it, on the embedded store."""

from functools import partial

import pytest

from tests.cli.conftest import Cli

pytestmark = [pytest.mark.postgres, pytest.mark.storage]


@pytest.fixture
def stored(cli: Cli, storage_url: str) -> Cli:
    """With an object store that runs."""
    return partial(cli, TARUVI_STORAGE_URL=storage_url)


def test_a_site_is_backed_up_put_away_copied_and_exported(stored: Cli, site: str) -> None:
    done = stored("sites", "backup", site)
    assert done.returncode == 0, done.stderr
    assert "dumping the schema" in done.stderr
    backup_id = done.stdout.splitlines()[0].removeprefix(f"backed up {site}: ")
    listed = stored("sites", "backups", site).stdout.splitlines()
    assert [line.split()[:3] for line in listed[1:]] == [[backup_id, "backup", "ready"]]

    assert stored("sites", "restore", site, backup_id, "--as", f"r-{site}").returncode == 0
    assert "allows 2 sites" in stored("sites", "clone", site, f"c-{site}").stderr
    assert stored("sites", "delete", f"r-{site}", "--confirm", f"r-{site}").returncode == 0
    assert stored("sites", "clone", site, f"c-{site}").stdout == f"cloned {site} to c-{site}\n"
    refused = stored("sites", "restore", site, backup_id, "--confirm", "another")
    assert (refused.returncode, site in refused.stderr) == (1, True)
    done = stored("sites", "restore", site, backup_id, typed=f"{site}\n")
    assert f"restored {site} from {backup_id}\n" in done.stdout

    assert stored("sites", "archive", site).stdout.startswith(f"archived {site}: ")
    assert stored("sites", "backup", site).returncode == 1
    assert stored("files", "sweep", "--dry-run").returncode == 0
    assert stored("sites", "unarchive", site).stdout == f"unarchived {site}\n"
    exported = stored("sites", "export", site).stdout.splitlines()
    assert exported[1].startswith("http://127.0.0.1:")
    assert stored("sites", "expire-backups").stdout.startswith("0 backups given up")
