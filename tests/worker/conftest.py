from collections.abc import AsyncIterator

import pytest

from tests.contracts.jobs.conftest import empty_queues
from tests.worker.play import Stage
from tests.world import World, postgres_world

__all__ = ["empty_queues"]


@pytest.fixture
async def world(database_url: str, storage_url: str) -> AsyncIterator[World]:
    """On the embedded PostgreSQL: rows, leases and notifications as they are."""
    async with postgres_world(database_url, storage_url=storage_url) as world:
        yield world


@pytest.fixture
def stage() -> Stage:
    return Stage()
