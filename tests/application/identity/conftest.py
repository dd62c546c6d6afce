from collections.abc import AsyncIterator

import pytest

from tests.application.identity.staff import ADA, BOB, GRACE, Staff
from tests.world import memory_world


@pytest.fixture
async def staff() -> AsyncIterator[Staff]:
    async with memory_world() as world:
        staff = Staff(world, await world.site())
        await staff.add(ADA, BOB, GRACE)
        yield staff
