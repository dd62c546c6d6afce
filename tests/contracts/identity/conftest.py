import pytest

from domain.tenancy.scope import SiteScope
from tests.world import World


@pytest.fixture
async def site(world: World) -> SiteScope:
    return await world.site()


@pytest.fixture
async def other(world: World) -> SiteScope:
    """Another site."""
    return await world.site("other")
