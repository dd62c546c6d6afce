"""Several processes use one home: the last one to leave stops the server."""

from pathlib import Path

import pytest

from adapters.embedded.postgres import EmbeddedPostgres
from tests.embedded.conftest import StartOwner
from tests.embedded.processes import is_served, server_pid, sql

pytestmark = pytest.mark.postgres


def test_a_second_process_attaches_and_leaves_the_server_to_the_first(home: Path, start_owner: StartOwner) -> None:
    owner = start_owner(home)
    url = owner.url()
    pid = server_pid(home)
    steps: list[str] = []
    with EmbeddedPostgres(home, report=steps.append) as same:
        assert same == url
        assert server_pid(home) == pid
    assert steps == []
    assert sql(url, "SELECT 1") == "1"
    owner.leave()
    assert not is_served(home)


def test_the_server_stays_for_the_second_where_the_first_leaves(home: Path, start_owner: StartOwner) -> None:
    first = start_owner(home)
    first.url()
    with EmbeddedPostgres(home) as url:
        first.leave()
        assert sql(url, "SELECT 1") == "1"
    assert not is_served(home)


def test_a_killed_process_does_not_count_as_a_user(home: Path, start_owner: StartOwner) -> None:
    first, second = start_owner(home), start_owner(home)
    first.url()
    second.url()
    first.kill()
    assert is_served(home)
    second.leave()
    assert not is_served(home)


def test_of_first_starts_at_the_same_moment_one_creates(home: Path, start_owner: StartOwner) -> None:
    owners = [start_owner(home) for _ in range(4)]
    assert len({owner.url() for owner in owners}) == 1
    said = "".join(owner.said for owner in owners)
    assert said.count("creating the database cluster") == 1
    assert said.count("starting PostgreSQL") == 1
    for owner in owners:
        assert is_served(home)
        owner.leave()
    assert not is_served(home)
