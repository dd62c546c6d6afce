from pathlib import Path

import asyncpg
import pytest

from adapters.embedded.postgres import EmbeddedPostgres
from tests.embedded.processes import is_served, server_processes, sql

pytestmark = pytest.mark.postgres


async def test_gives_asyncpg_a_database_of_the_right_kind(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "7777")
    with EmbeddedPostgres(home) as url:
        connection = await asyncpg.connect(url)
        row = await connection.fetchrow(
            "SELECT datname, datlocprovider::text, datlocale, pg_encoding_to_char(encoding)"
            " AS encoding, current_setting('data_checksums') AS checksums,"
            " lower('ÄÖ') AS lowered FROM pg_database WHERE datname = current_database()"
        )
        await connection.close()

    assert row is not None
    assert dict(row) == {
        "datname": "taruvi",
        "datlocprovider": "b",
        "datlocale": "C.UTF-8",
        "encoding": "UTF8",
        "checksums": "on",
        "lowered": "äö",
    }


def test_keeps_the_data_and_makes_nothing_anew_the_second_time(home: Path) -> None:
    steps: list[str] = []
    with EmbeddedPostgres(home, report=steps.append) as url:
        sql(url, "CREATE TABLE kept AS SELECT 7 AS n")
    assert "creating the database cluster" in steps
    assert not is_served(home)

    steps.clear()
    with EmbeddedPostgres(home, report=steps.append) as url:
        assert sql(url, "SELECT n FROM kept") == "7"
    assert steps == ["starting PostgreSQL", "stopping PostgreSQL"]


def test_makes_the_database_again_where_it_was_dropped(home: Path) -> None:
    with EmbeddedPostgres(home) as url:
        sql(url.replace("/taruvi?", "/postgres?"), "DROP DATABASE taruvi")
    with EmbeddedPostgres(home) as url:
        assert sql(url, "SELECT 1") == "1"


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("listen_addresses", ""),
        ("max_connections", "200"),
        ("max_locks_per_transaction", "256"),
        ("shared_buffers", "128MB"),
        ("jit", "off"),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("full_page_writes", "on"),
    ],
)
def test_has_the_settings_of_its_use(running_url: str, setting: str, value: str) -> None:
    assert sql(running_url, f"SHOW {setting}") == value


def test_opens_no_port(home: Path) -> None:
    with EmbeddedPostgres(home):
        servers = server_processes(home)
        assert servers
        assert [c for server in servers for c in server.net_connections("inet")] == []
