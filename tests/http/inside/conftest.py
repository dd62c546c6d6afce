from collections.abc import AsyncIterator

import pytest

from tests.http.staff import GRACE, USERS, Person, sign_in
from tests.world import World


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
