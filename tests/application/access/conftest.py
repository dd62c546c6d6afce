from collections.abc import AsyncIterator

import pytest

from application.identity.ports import UserRepository
from tests.application.access.site_groups import ADA, BOB, Groups
from tests.world import memory_world


@pytest.fixture
async def groups() -> AsyncIterator[Groups]:
    async with memory_world() as world:
        site = await world.site()
        async with world.acting(site) as container:
            for user in (ADA, BOB):
                await (await container.get(UserRepository)).add(user)
        yield Groups(world, site)
