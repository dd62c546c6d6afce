import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest
from xdist.scheduler import LoadScopeScheduling

from adapters.embedded.postgres import EmbeddedPostgres
from adapters.embedded.storage import EmbeddedStorage
from adapters.postgres.fleet import Fleet
from adapters.postgres.migrations import PLATFORM_HISTORY, TENANT_HISTORY
from adapters.postgres.pool import open_pool
from tests.services import DATABASE, a_free_port, require_service
from tests.world import A_TRAIL, World, memory_world, postgres_world

_PROCESSES = ("tests/cli/", "tests/e2e/", "tests/embedded/")
"""Tests that start processes and pick ports: two at a time might pick the same."""


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """With `--dist loadfile` a file stays together, and so do all tests of processes, the longest, which come early.

    Not by `--dist loadgroup`: it names groups in an attribute that pytest 9 reads no more, and so makes none.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return "processes" if file.startswith(_PROCESSES) else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile | None:
    """None: as `--dist` says."""
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return ByFile(config, log)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the garbage collector need not look at it in every test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def embedded_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The embedded PostgreSQL, one cluster for all tests."""
    with EmbeddedPostgres(tmp_path_factory.mktemp("taruvi")) as url:
        yield url


@pytest.fixture(scope="session")
def storage_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The embedded object store, one for all tests."""
    with EmbeddedStorage(tmp_path_factory.mktemp("taruvi-files"), port=a_free_port()) as url:
        yield url


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """A database of its own for this run, with the platform migrated."""
    name = f"taruvi_test_{uuid4().hex[:12]}"
    parts = urlsplit(server)
    url = parts._replace(path=f"/{name}").geturl()
    asyncio.run(_execute(server, f"CREATE DATABASE {name}"))
    try:
        asyncio.run(_migrate(url))
        yield url
    finally:
        asyncio.run(_execute(server, f"DROP DATABASE {name} WITH (FORCE)"))


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(statement)
    await connection.close()


async def _migrate(url: str) -> None:
    pool = await open_pool(url, size=2, statements=0, name="taruvi tests")
    await Fleet(pool, PLATFORM_HISTORY, TENANT_HISTORY, A_TRAIL).migrate_platform()
    await pool.close()


@pytest.fixture(scope="session")
def database_url(embedded_url: str) -> Iterator[str]:
    """A migrated database on the embedded PostgreSQL."""
    with fresh_database(embedded_url) as url:
        yield url


@pytest.fixture(scope="session")
def service_url() -> Iterator[str]:
    """A migrated database on the PostgreSQL service of this machine."""
    require_service("postgres")
    with fresh_database(DATABASE) as url:
        yield url


@pytest.fixture(
    params=[
        "memory",
        pytest.param("embedded", marks=pytest.mark.postgres),
        pytest.param("service", marks=pytest.mark.service("postgres")),
    ]
)
def store_url(request: pytest.FixtureRequest) -> str:
    """Each store in turn: empty for memory, or the URL of a database."""
    fixtures = {"embedded": "database_url", "service": "service_url"}
    if request.param == "memory":
        return ""
    return str(request.getfixturevalue(fixtures[request.param]))


@pytest.fixture
async def world(store_url: str) -> AsyncIterator[World]:
    """The application on each store in turn, with one organization and no site."""
    async with postgres_world(store_url) if store_url else memory_world() as world:
        yield world


@pytest.fixture
async def postgres(database_url: str) -> AsyncIterator[World]:
    """The application on the embedded PostgreSQL alone."""
    async with postgres_world(database_url) as world:
        yield world
