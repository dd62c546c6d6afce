"""The loop that fires, on the real database: beside others, over an outage, and until it is told to stop."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import asyncpg
import pytest
from dishka import AsyncContainer, Provider, decorate

from application.jobs.schedules.change_schedule import ChangeSchedule
from application.jobs.schedules.read_schedules import FindSchedule, ListSchedules
from application.jobs.schedules.views import ScheduleQuery
from application.shared.ports import Clock
from domain.jobs.schedule import ScheduleChanges
from entrypoints.container import make_container
from entrypoints.jobs import NoJob
from entrypoints.scheduler.loop import SchedulerLoop
from entrypoints.scheduler.requests import SchedulerRequest
from entrypoints.stores.passwords import PlainPasswords
from tests.contracts.jobs.schedules import ScheduleDesk
from tests.providers import Doubles
from tests.world import World

PAUSE = 0.02


@pytest.fixture
async def desk(world: World) -> AsyncIterator[ScheduleDesk]:
    desk = ScheduleDesk(world)
    yield desk
    await desk.clear()


def scheduler(world: World, *providers: Provider) -> AsyncContainer:
    """A process of its own."""
    doubles = Doubles(world.clock, world.mails, world.dns)
    parts = (world.store(), world.storage(), PlainPasswords(), SchedulerRequest(), NoJob(), doubles, *providers)
    return make_container(world.settings, *parts)


@asynccontextmanager
async def looping(*containers: AsyncContainer) -> AsyncIterator[None]:
    stop = asyncio.Event()
    loops = [SchedulerLoop(one, pause=PAUSE, pause_after_failure=PAUSE).run(stop) for one in containers]
    tasks = [asyncio.create_task(loop) for loop in loops]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)
        for container in containers:
            await container.close()


async def until_run(desk: ScheduleDesk, name: str, times: int) -> int:
    """How often it ran, as soon as that is so often."""
    async with asyncio.timeout(20):
        while (count := (await desk(FindSchedule, name=name)).run_count) < times:  # noqa: ASYNC110  other processes tell nobody
            await asyncio.sleep(PAUSE)
    return int(count)


async def test_several_processes_run_each_time_once(world: World, desk: ScheduleDesk) -> None:
    schedule = await desk.create(interval_seconds=3600)
    async with looping(*(scheduler(world) for _ in range(3))):
        for expected in (1, 2, 3):
            world.clock.advance(hours=1)
            assert await until_run(desk, schedule.plan.name, expected) == expected
            await world.settle()
    assert len(await desk.jobs(schedule)) == 3


async def test_a_change_is_seen_while_it_runs(world: World, desk: ScheduleDesk) -> None:
    schedule = await desk.create(interval_seconds=86_400, is_enabled=False)
    async with looping(scheduler(world)):
        changes = ScheduleChanges(is_enabled=True, interval_seconds=1)
        await desk(ChangeSchedule, schedule_id=schedule.id, changes=changes, seen=None)
        world.clock.advance(seconds=2)
        await until_run(desk, schedule.plan.name, 1)


class Away(Provider):
    """A database that is away so many times before it is there."""

    def __init__(self, *errors: Exception) -> None:
        super().__init__()
        self.errors = list(errors)

    @decorate
    def clock(self, source: Clock) -> Clock:
        def ask() -> datetime:
            if self.errors:
                raise self.errors.pop(0)
            return source()

        return ask


async def test_outlives_a_database_that_is_away_and_what_nobody_foresaw(world: World, desk: ScheduleDesk) -> None:
    schedule = await desk.create(interval_seconds=3600)
    world.clock.advance(hours=1)
    lost = (ConnectionRefusedError(), asyncpg.PostgresConnectionError("gone"), TimeoutError())
    away = Away(*lost, ValueError("a defect"))
    async with looping(scheduler(world, away)):
        await until_run(desk, schedule.plan.name, 1)
    assert away.errors == []


async def test_installs_what_is_built_in(world: World, desk: ScheduleDesk) -> None:
    query = ScheduleQuery(search="purge-jobs")
    async with looping(scheduler(world)), asyncio.timeout(20):
        while not (await desk(ListSchedules, query=query)).count:  # noqa: ASYNC110  as above
            await asyncio.sleep(PAUSE)


async def test_stops_at_once_where_nothing_is_due(world: World) -> None:
    container, stop = scheduler(world), asyncio.Event()
    running = asyncio.create_task(SchedulerLoop(container, pause=600).run(stop))
    await asyncio.sleep(PAUSE)
    stop.set()
    async with asyncio.timeout(10):
        await running
    await container.close()
