"""Root, ordinary users, and the two together. The server itself never runs as root."""

import os
import pwd
import shutil
from pathlib import Path

import pytest

from adapters.embedded.postgres import EmbeddedPostgres
from tests.embedded.conftest import StartOwner
from tests.embedded.processes import is_served, server_pid, server_processes, sql

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another user"),
]


def servers_users(home: Path) -> set[str]:
    return {process.username() for process in server_processes(home)}


@pytest.fixture
def nobodys(home: Path) -> Path:
    home.mkdir()
    shutil.chown(home, "nobody")
    return home


def test_root_runs_it_as_a_system_user_and_lets_that_pass_but_not_read(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    steps: list[str] = []
    with EmbeddedPostgres(closed / ".taruvi", report=steps.append) as url:
        assert servers_users(place) == {"pgserver"}
        assert sql(url, "SELECT 1") == "1"
    assert closed.stat().st_mode & 0o777 == 0o701
    assert f"letting the user pgserver pass through {closed}" in steps
    assert (closed / ".taruvi" / "postgres").stat().st_mode & 0o777 == 0o700


def test_an_ordinary_user_runs_it_as_itself(nobodys: Path, start_owner: StartOwner) -> None:
    owner = start_owner(nobodys, user="nobody")
    owner.url()
    assert servers_users(nobodys) == {"nobody"}
    owner.leave()
    again = start_owner(nobodys, user="nobody")
    again.url()
    again.kill()
    adopting = start_owner(nobodys, user="nobody")
    adopting.url()
    adopting.leave()
    assert not is_served(nobodys)


def test_root_joins_and_serves_the_home_of_an_ordinary_user(nobodys: Path, start_owner: StartOwner) -> None:
    owner = start_owner(nobodys, user="nobody")
    owner.url()
    with EmbeddedPostgres(nobodys) as url:
        sql(url, "CREATE TABLE kept AS SELECT 7 AS n")
        owner.leave()
    assert not is_served(nobodys)

    with EmbeddedPostgres(nobodys) as url:
        assert servers_users(nobodys) == {"nobody"}
    later = start_owner(nobodys, user="nobody")
    assert sql(later.url(), "SELECT n FROM kept") == "7"


def test_root_makes_the_cluster_for_the_user_whose_home_it_is(nobodys: Path, start_owner: StartOwner) -> None:
    with EmbeddedPostgres(nobodys):
        pass
    owner = start_owner(nobodys, user="nobody")
    assert sql(owner.url(), "SELECT 1") == "1"


def test_root_of_a_container_that_may_not_see_into_processes(home: Path, start_owner: StartOwner) -> None:
    contained = ("setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace")
    first = start_owner(home, prefix=contained)
    sql(first.url(), "CREATE TABLE kept AS SELECT 7 AS n")
    orphan = server_pid(home)
    first.kill()
    second = start_owner(home, prefix=contained)
    assert sql(second.url(), "SELECT n FROM kept") == "7"
    assert server_pid(home) == orphan
    second.leave()
    assert not is_served(home)


def test_the_database_user_needs_an_entry_in_the_list_of_users(home: Path) -> None:
    home.mkdir()
    os.chown(home, 54321, 54321)
    with pytest.raises(KeyError):
        pwd.getpwuid(54321)
    with EmbeddedPostgres(home):
        assert servers_users(home) == {"pgserver"}
