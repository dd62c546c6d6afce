"""What cannot work is refused in words that a user can act on."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from adapters.embedded.postgres import EmbeddedPostgres, EmbeddedPostgresError
from tests.embedded.conftest import StartOwner
from tests.embedded.processes import is_served, server_pid, sql

pytestmark = pytest.mark.postgres

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="mounts a disk or changes the user")
Mount = Callable[[str], Path]


@pytest.fixture
def mount(place: Path) -> Iterator[Mount]:
    disks: list[Path] = []

    def tmpfs(options: str) -> Path:
        disk = place / "disk"
        disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", disk], check=True)
        disks.append(disk)
        return disk

    yield tmpfs
    for disk in disks:
        subprocess.run(["umount", disk], check=True)


def refusal(home: Path) -> str:
    with pytest.raises(EmbeddedPostgresError) as raised, EmbeddedPostgres(home):
        pass
    return str(raised.value)


def test_a_home_that_is_a_file(home: Path) -> None:
    home.write_text("")
    message = refusal(home)
    assert str(home) in message
    assert "File exists" in message
    assert "choose another folder" in message


@as_root
def test_a_disk_that_cannot_be_written(mount: Mount) -> None:
    home = mount("ro") / ".taruvi"
    message = refusal(home)
    assert str(home) in message
    assert "Read-only file system" in message


@as_root
def test_a_full_disk(mount: Mount) -> None:
    home = mount("size=20m") / ".taruvi"
    message = refusal(home)
    assert str(home) in message
    assert "No space left on device" in message
    assert "try again" in message
    assert sorted(p.name for p in home.iterdir()) == ["postgres.lock", "postgres.users"]


@as_root
def test_a_home_that_an_ordinary_user_may_not_write(home: Path, start_owner: StartOwner) -> None:
    home.mkdir()
    owner = start_owner(home, user="nobody")
    owner.wait_for("left")
    assert f"error Cannot keep PostgreSQL in {home}: Permission denied" in owner.said


@as_root
def test_a_cluster_of_another_user(home: Path, start_owner: StartOwner) -> None:
    with EmbeddedPostgres(home):
        pass
    home.chmod(0o777)
    owner = start_owner(home, user="nobody")
    owner.wait_for("left")
    assert "belongs to the user pgserver. Run this as that user" in owner.said
    assert (home / "postgres" / "PG_VERSION").exists()


@as_root
def test_a_cluster_of_root(home: Path) -> None:
    with EmbeddedPostgres(home):
        pass
    subprocess.run(["chown", "-R", "root:root", home / "postgres"], check=True)
    assert f"chown -R pgserver {home}/postgres" in refusal(home)


def test_a_server_that_does_not_come_up(home: Path) -> None:
    with EmbeddedPostgres(home):
        pass
    configuration = home / "postgres" / "postgresql.conf"
    good = configuration.read_text()
    configuration.write_text(f"{good}\nno_such_setting = 1\n")
    message = refusal(home)
    assert str(home / "postgres") in message
    assert str(home / "postgres" / "server.log") in message
    assert 'unrecognized configuration parameter "no_such_setting"' in message

    configuration.write_text(good)
    with EmbeddedPostgres(home) as url:
        assert sql(url, "SELECT 1") == "1"


def test_a_refused_second_user_leaves_the_first_alone(home: Path) -> None:
    with EmbeddedPostgres(home) as url:
        pid = server_pid(home)
        version = home / "postgres" / "PG_VERSION"
        version.write_text("17\n")
        assert "PostgreSQL 17" in refusal(home)
        version.write_text("18\n")
        assert server_pid(home) == pid
        assert sql(url, "SELECT 1") == "1"
    assert not is_served(home)
