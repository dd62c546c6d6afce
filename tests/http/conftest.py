from collections.abc import AsyncIterator

import httpx
import pytest

from tests.world import HttpClient, World, memory_world, token


@pytest.fixture
async def memory() -> AsyncIterator[World]:
    """The application in memory, with a site `acme` and its admin."""
    async with memory_world() as world:
        await world.admin(await world.site())
        yield world


@pytest.fixture
async def client(memory: World) -> AsyncIterator[HttpClient]:
    """Signed in on the site `acme`, which its addresses are relative to."""
    async with memory.http(max_body_bytes=2048) as client:
        client.headers.update(await token(client, memory.host()))
        client.base_url = httpx.URL(memory.host())
        yield client
