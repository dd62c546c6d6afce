"""A kill -9 of anybody at any moment: the next start needs no help."""

import os
import pwd
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from adapters.embedded.postgres import EmbeddedPostgres
from tests.embedded.conftest import StartOwner
from tests.embedded.processes import (
    is_served,
    kill_server,
    server_pid,
    server_processes,
    sql,
    until,
)

pytestmark = pytest.mark.postgres


@pytest.fixture
def killed(home: Path, start_owner: StartOwner) -> Path:
    """A home whose owner and server were killed after a commit."""
    owner = start_owner(home)
    sql(owner.url(), "CREATE TABLE kept AS SELECT 7 AS n")
    owner.kill()
    kill_server(home)
    return home


@pytest.fixture
def unrelated(killed: Path) -> Iterator[int]:
    """The pid of a process that the server's own user could signal, and that is no server."""
    owner = pwd.getpwuid((killed / "postgres").stat().st_uid)
    process = subprocess.Popen(["sleep", "600"], user=owner.pw_uid, group=owner.pw_gid)
    yield process.pid
    assert process.poll() is None, "healing killed a process that has nothing to do with it"
    process.kill()
    process.wait()


def assert_heals(home: Path) -> None:
    steps: list[str] = []
    with EmbeddedPostgres(home, report=steps.append) as url:
        assert sql(url, "SELECT n FROM kept") == "7"
    assert "healing: PostgreSQL was killed the last time" in steps
    assert not is_served(home)


def put_pid(file: Path, pid: int) -> None:
    _old, *rest = file.read_text().splitlines()
    file.write_text("\n".join([str(pid), *rest, ""]))


def test_adopts_a_server_whose_owner_was_killed_and_stops_it_at_exit(home: Path, start_owner: StartOwner) -> None:
    owner = start_owner(home)
    sql(owner.url(), "CREATE TABLE kept AS SELECT 7 AS n")
    orphan = server_pid(home)
    owner.kill()
    assert psutil.Process(orphan).is_running()

    with EmbeddedPostgres(home) as url:
        assert server_pid(home) == orphan
        assert sql(url, "SELECT n FROM kept") == "7"
    assert not is_served(home)


def test_recovers_what_was_committed_before_everything_was_killed(killed: Path) -> None:
    assert (killed / "postgres" / "postmaster.pid").exists()
    assert (killed / "postgres" / ".s.PGSQL.5432.lock").exists()
    assert (killed / "postgres" / ".s.PGSQL.5432").is_socket()
    assert_heals(killed)


def test_heals_where_another_process_has_got_the_pid(killed: Path, unrelated: int) -> None:
    put_pid(killed / "postgres" / "postmaster.pid", unrelated)
    put_pid(killed / "postgres" / ".s.PGSQL.5432.lock", unrelated)
    assert_heals(killed)


def test_heals_where_the_server_of_another_home_has_got_the_pid(killed: Path, place: Path) -> None:
    other = place / "other"
    with EmbeddedPostgres(other) as url:
        put_pid(killed / "postgres" / "postmaster.pid", server_pid(other))
        put_pid(killed / "postgres" / ".s.PGSQL.5432.lock", server_pid(other))
        assert_heals(killed)
        assert sql(url, "SELECT 1") == "1"


def test_heals_pid_files_that_a_power_failure_left_empty(killed: Path) -> None:
    (killed / "postgres" / "postmaster.pid").write_text("")
    (killed / "postgres" / ".s.PGSQL.5432.lock").write_text("")
    assert_heals(killed)


def test_heals_beside_backends_that_outlived_their_postmaster(home: Path, start_owner: StartOwner) -> None:
    owner = start_owner(home)
    sql(owner.url(), "CREATE TABLE kept AS SELECT 7 AS n")
    owner.kill()
    survivor = next(p for p in server_processes(home) if p.pid != server_pid(home))
    survivor.suspend()  # as one in a long computation, it does not notice
    os.kill(server_pid(home), signal.SIGKILL)
    until(lambda: [p.pid for p in server_processes(home)] == [survivor.pid])

    assert_heals(home)


@pytest.mark.parametrize(
    "moment",
    [
        "while initdb works",
        "creating the database cluster",
        "starting PostgreSQL",
        "url ",
    ],
)
def test_starts_after_a_kill_of_the_owner_at_any_moment_of_its_start(
    home: Path, start_owner: StartOwner, moment: str
) -> None:
    owner = start_owner(home)
    if moment == "while initdb works":
        until((home / "postgres.new" / "PG_VERSION").exists)
    else:
        owner.wait_for(moment)
    owner.kill()

    with EmbeddedPostgres(home) as url:
        assert sql(url, "SELECT 1") == "1"
    assert not is_served(home)
    assert not (home / "postgres.new").exists()
    assert not list(home.glob("postgres.broken-*"))


def test_starts_after_a_kill_in_the_middle_of_healing(killed: Path, start_owner: StartOwner) -> None:
    owner = start_owner(killed)
    owner.wait_for("healing")
    owner.kill()
    with EmbeddedPostgres(killed) as url:
        assert sql(url, "SELECT n FROM kept") == "7"


def test_the_server_outlives_a_ctrl_c_until_its_owner_leaves(home: Path, start_owner: StartOwner) -> None:
    owner = start_owner(home)
    url = owner.url()
    group = os.getpgid(server_pid(home))
    assert group == server_pid(home)
    assert os.getsid(server_pid(home)) == server_pid(home)

    watcher = start_owner(home)  # a session of its own: the Ctrl-C is not for it
    watcher.url()
    pid = server_pid(home)
    owner.interrupt_group()
    owner.wait_for("left")
    assert server_pid(home) == pid
    assert sql(url, "SELECT 1") == "1"
    watcher.leave()
    until(lambda: not is_served(home))


def test_a_deleted_home_is_made_anew_though_its_server_still_runs(
    home: Path, place: Path, start_owner: StartOwner
) -> None:
    owner = start_owner(home)
    sql(owner.url(), "CREATE TABLE old AS SELECT 7 AS n")
    owner.kill()
    subprocess.run(["rm", "-r", home], check=True)

    with EmbeddedPostgres(home) as url:
        assert sql(url, "SELECT to_regclass('old') IS NULL") == "t"
