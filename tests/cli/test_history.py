import asyncio
from typing import Any

import asyncpg
import pytest

from entrypoints.cli.history import each
from tests.cli.conftest import Cli

pytestmark = pytest.mark.postgres
OLD = (
    "insert into {}.history (at, operation, table_name, row_id) "
    "select now() - interval '{}', 'insert', 'made_up', gen_random_uuid() from generate_series(1, {})"
)


def in_database(url: str, statement: str) -> Any:
    async def run() -> Any:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(run())


@pytest.fixture
def schema(site: str) -> str:
    return '"' + site.replace("-", "_") + '"'


def test_what_is_old_goes_and_who_did_it_is_told(cli: Cli, database_url: str, site: str, schema: str) -> None:
    in_database(database_url, OLD.format(schema, "400 days", 3))
    in_database(database_url, OLD.format(schema, "300 days", 2))
    # the entries of making the schema itself are younger and have smaller ids, so they keep what is behind them
    before = in_database(database_url, f"select count(*) from {schema}.history")
    dry = cli("history", "prune", "--older-than", "365d", "--site", site, "--dry-run")
    assert dry.stdout.startswith(f"{site}: 3 entries from before ")
    assert in_database(database_url, f"select count(*) from {schema}.history") == before

    done = cli("history", "prune", "--older-than", "365d", "--site", site)
    assert done.stdout.startswith(f"{site}: deleted 3 entries from before ")
    left = f"select count(*) from {schema}.history where table_name = 'made_up'"
    assert in_database(database_url, left) == 2
    label = f"select actor_label from {schema}.history where table_name = 'history_retention'"
    assert in_database(database_url, label).startswith("operator:")
    assert cli("history", "prune", "--older-than", "365d", "--site", site).stdout.startswith(f"{site}: deleted 0 ")


def test_the_age_comes_from_the_settings_unless_it_is_given(cli: Cli, site: str) -> None:
    done = cli("history", "prune", "--site", site, TARUVI_HISTORY_RETENTION_DAYS="90")
    assert (done.returncode, done.stdout[: len(site) + 10]) == (0, f"{site}: deleted ")
    for given in ([], ["--older-than", "29d"], ["--older-than", "1y"], ["--older-than", "-40d"]):
        assert cli("history", "prune", *given).returncode == 2
    assert cli("history", "prune", TARUVI_HISTORY_RETENTION_DAYS="7").returncode == 2


def test_one_site_that_cannot_be_pruned_does_not_keep_the_others(
    cli: Cli, database_url: str, site: str, schema: str, organization: str
) -> None:
    broken = f"broken-{site}"
    assert cli("sites", "create", broken, "--organization", organization).returncode == 0
    in_database(database_url, f'drop table "{broken.replace("-", "_")}".history_retention cascade')
    in_database(database_url, OLD.format('"' + broken.replace("-", "_") + '"', "400 days", 1))
    in_database(database_url, OLD.format(schema, "400 days", 1))
    done = cli("history", "prune", "--older-than", "365d")

    assert done.returncode == 1
    assert f"{site}: deleted 1 entries" in done.stdout
    assert "the platform: deleted 0 entries" in done.stdout
    assert broken in done.stderr


async def test_one_site_that_waits_too_long_does_not_keep_the_others(capsys: pytest.CaptureFixture[str]) -> None:
    """Who holds a lock on its history: the client gives up as early as the server does."""
    tried = []

    async def run(slug: str | None) -> None:
        tried.append(slug)
        if slug == "busy":
            raise TimeoutError

    assert await each([None, "busy", "idle"], run) == ["busy"]
    assert tried == [None, "busy", "idle"]
    assert capsys.readouterr().err == "busy: it took too long\n"
