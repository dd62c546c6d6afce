"""What is found in the place of the cluster: nothing real is ever deleted."""

import subprocess
from pathlib import Path

import pytest

from adapters.embedded.postgres import EmbeddedPostgres, EmbeddedPostgresError
from tests.embedded.processes import server_pid, sql

pytestmark = pytest.mark.postgres


@pytest.fixture
def stopped(home: Path) -> Path:
    with EmbeddedPostgres(home) as url:
        sql(url, "CREATE TABLE kept AS SELECT 7 AS n")
    return home


def test_throws_away_what_a_killed_initdb_left(home: Path) -> None:
    draft = home / "postgres.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")

    with EmbeddedPostgres(home) as url:
        assert sql(url, "SELECT 1") == "1"
    assert sorted(p.name for p in home.iterdir()) == ["postgres", "postgres.lock", "postgres.users"]


@pytest.mark.parametrize("missing", ["PG_VERSION", "global/pg_control"])
def test_moves_an_incomplete_cluster_aside_and_says_so(stopped: Path, missing: str) -> None:
    (stopped / "postgres" / missing).unlink()
    (stopped / "postgres" / "mine").write_text("dear")

    steps: list[str] = []
    with EmbeddedPostgres(stopped, report=steps.append) as url:
        assert sql(url, "SELECT to_regclass('kept') IS NULL") == "t"
    aside = stopped / "postgres.broken-1"
    assert (aside / "mine").read_text() == "dear"
    assert (aside / "base").is_dir()
    assert any(str(aside) in step for step in steps)


def test_moves_aside_whatever_else_is_there_without_overwriting(home: Path) -> None:
    (home / "postgres.broken-1").mkdir(parents=True)
    (home / "postgres").write_text("a file")

    with EmbeddedPostgres(home) as url:
        assert sql(url, "SELECT 1") == "1"
    assert (home / "postgres.broken-2").read_text() == "a file"


def test_uses_an_empty_folder_without_ado(home: Path) -> None:
    (home / "postgres").mkdir(parents=True)
    with EmbeddedPostgres(home) as url:
        assert sql(url, "SELECT 1") == "1"
    assert not list(home.glob("postgres.broken-*"))


def test_follows_a_link_to_a_cluster_on_another_disk(stopped: Path, place: Path) -> None:
    elsewhere = place / "elsewhere"
    (stopped / "postgres").rename(elsewhere)
    (stopped / "postgres").symlink_to(elsewhere)
    for _ in range(2):
        with EmbeddedPostgres(stopped) as url:
            assert sql(url, "SELECT n FROM kept") == "7"


def test_leaves_a_cluster_of_another_major_version_alone(home: Path) -> None:
    with EmbeddedPostgres(home):
        pass
    old = home / "postgres"
    (old / "PG_VERSION").write_text("16\n")
    before = sorted(old.rglob("*"))

    with pytest.raises(EmbeddedPostgresError) as raised, EmbeddedPostgres(home):
        pass
    message = str(raised.value)
    assert str(old) in message
    assert "PostgreSQL 16" in message
    assert "dump" in message
    assert sorted(old.rglob("*")) == before


def test_the_copy_of_a_home_in_use_gets_a_server_of_its_own(stopped: Path, place: Path) -> None:
    copy = place / "copy"
    with EmbeddedPostgres(stopped) as url:
        subprocess.run(["cp", "-a", stopped, copy], check=True)
        with EmbeddedPostgres(copy) as copy_url:
            sql(copy_url, "UPDATE kept SET n = 8")
            assert server_pid(copy) != server_pid(stopped)
            assert sql(url, "SELECT n FROM kept") == "7"


def test_a_moved_home_takes_its_orphaned_server_along(stopped: Path, place: Path) -> None:
    moved = place / "moved"
    with EmbeddedPostgres(stopped):
        pid = server_pid(stopped)
        stopped.rename(moved)
        with EmbeddedPostgres(moved) as url:
            assert server_pid(moved) == pid
            assert sql(url, "SELECT n FROM kept") == "7"
        moved.rename(stopped)
