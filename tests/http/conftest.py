from collections.abc import AsyncIterator

import httpx
import pytest

from tests.http.people import Person, Platform
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


@pytest.fixture
async def platform(world: World) -> AsyncIterator[Platform]:
    async with world.http() as client:
        yield Platform(world, client)


@pytest.fixture
async def ada(platform: Platform) -> Person:
    return await platform.person("ada")


@pytest.fixture
async def bob(platform: Platform) -> Person:
    return await platform.person("bob")


@pytest.fixture
async def acme(ada: Person, bob: Person) -> str:
    """An organization of which Ada is the owner and Bob a member."""
    slug = await ada.found()
    assert (await ada.add(slug, bob)).status_code == 201
    return slug
