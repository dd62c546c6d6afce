import pytest

from domain.tenancy.scope import SiteScope
from tests.contracts.identity.ports import store
from tests.domain.identity.people import a_user
from tests.world import World


@pytest.fixture
async def site(world: World) -> SiteScope:
    """With the users 1 to 4."""
    site = await world.site()
    await store(world, site, *(a_user(number) for number in range(1, 5)))
    return site


@pytest.fixture
async def other(world: World) -> SiteScope:
    """Another site, with a user 1 too."""
    other = await world.site("other")
    await store(world, other, a_user())
    return other
