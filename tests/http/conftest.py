from collections.abc import AsyncIterator

import httpx
import pytest

from tests.http.people import GRACE, USERS, Person, sign_in
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
async def ada(world: World) -> AsyncIterator[Person]:
    """The admin of a site on each store in turn, in which there is a user Bob."""
    site = await world.site()
    await world.admin(site, "ada")
    await world.user(site, "bob")
    async with world.http() as client:
        yield await sign_in(client, world.host(), "ada")


@pytest.fixture
async def bob(ada: Person) -> Person:
    """A user of Ada's site who may do nothing."""
    return await sign_in(ada.client, ada.base, "bob")


@pytest.fixture
async def grace(ada: Person) -> Person:
    """Another one."""
    await ada.made(USERS, **GRACE)
    return await sign_in(ada.client, ada.base, "grace")
