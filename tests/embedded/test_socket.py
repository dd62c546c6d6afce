"""The socket of a home whose path makes none."""

import tempfile
from pathlib import Path

import asyncpg
import pytest

from adapters.embedded.postgres import EmbeddedPostgres, EmbeddedPostgresError
from tests.embedded.conftest import StartOwner
from tests.embedded.processes import is_served, server_pid, sql

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def _temporary_folder(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place / "t").mkdir(mode=0o700)
    monkeypatch.setenv("TMPDIR", str(place / "t"))
    monkeypatch.setattr(tempfile, "tempdir", None)


def socket_folder(place: Path) -> Path:
    return next((place / "t").iterdir())


@pytest.mark.parametrize("name", ["long" * 30, "with spaces, 'quotes' \"$HOME\" `x` & ü+%41"])
def test_lies_in_a_private_folder_the_same_each_time(place: Path, name: str) -> None:
    home = place / name
    with EmbeddedPostgres(home) as url:
        assert sql(url, "SELECT 1") == "1"
        folder = socket_folder(place)
        status = folder.stat()
        assert status.st_mode & 0o777 == 0o700
        assert status.st_uid == (home / "postgres").stat().st_uid
        assert str(folder) in url
    with EmbeddedPostgres(home) as again:
        assert again == url
    assert list((place / "t").iterdir()) == [folder]


async def test_is_found_by_asyncpg(place: Path) -> None:
    with EmbeddedPostgres(place / "long path" / ("x" * 100)) as url:
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()


def test_is_found_by_a_process_with_another_temporary_folder(
    place: Path, start_owner: StartOwner, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = place / ("long" * 30)
    owner = start_owner(home)
    url = owner.url()
    (place / "u").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place / "u"))
    with EmbeddedPostgres(home) as other:
        assert other == url
        assert sql(other, "SELECT 1") == "1"


def test_a_folder_of_somebody_else_is_refused(place: Path) -> None:
    home = place / ("long" * 30)
    with EmbeddedPostgres(home):
        folder = socket_folder(place)
    folder.rmdir()
    folder.symlink_to(place)

    with pytest.raises(EmbeddedPostgresError, match=str(folder)), EmbeddedPostgres(home):
        pass


def test_a_server_of_a_deleted_home_does_not_answer_for_the_new_one(place: Path, start_owner: StartOwner) -> None:
    home = place / ("long" * 30)
    owner = start_owner(home)
    sql(owner.url(), "CREATE TABLE old AS SELECT 7 AS n")
    ghost = server_pid(home)
    owner.kill()
    home.rename(place / "gone")
    with EmbeddedPostgres(home) as url:
        assert server_pid(home) != ghost
        assert sql(url, "SELECT to_regclass('old') IS NULL") == "t"
    assert not is_served(home)
