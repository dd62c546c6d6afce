import asyncpg
import pytest

from tests.world import World


@pytest.fixture(autouse=True)
async def empty_queues(world: World) -> None:
    """The dispatcher sees the jobs of all sites; those that other tests left are not this one's."""
    if world.settings.database_url:
        await (await world.container.get(asyncpg.Pool)).execute("delete from public.jobs")
