"""The clocks of the processes differ: the one of the database counts."""

import asyncio
from datetime import datetime, timedelta

import pytest
from dishka import Provider, provide
from dishka import Scope as Lifetime

from application.shared.ports import Clock
from domain.jobs.job import JobStatus
from entrypoints.identifiers import now
from tests.contracts.jobs.jobs import a_job, add, read
from tests.worker.play import Plays, Stage
from tests.worker.workers import LEASE, becomes, told, working
from tests.world import World

pytestmark = [pytest.mark.postgres, pytest.mark.storage]


class Ahead(Provider):
    """The clock of this process is so many seconds ahead, or behind."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._step = timedelta(seconds=seconds)

    @provide(scope=Lifetime.APP, override=True)
    def clock(self) -> Clock:
        return self._now

    def _now(self) -> datetime:
        return now() + self._step


@pytest.mark.parametrize(("mine", "others"), [(0, 3600), (-3600, 0)])
async def test_nobody_takes_a_living_job_for_lost(world: World, stage: Stage, mine: float, others: float) -> None:
    other = Stage()
    other.go.set()
    async with working(world, stage, Plays(stage), Ahead(mine)):
        job = await add(world, a_job(world, name="wait", late=7200))
        await told(stage.started)
        async with working(world, other, Plays(other), Ahead(others)):
            await asyncio.sleep(3 * LEASE)  # the passing of time is what this is about
            assert (await read(world, job)).status is JobStatus.RUNNING
            stage.go.set()
            assert (await becomes(world, job, JobStatus.SUCCEEDED)).attempts == 1
    assert (stage.done, other.done) == ([""], [])


async def test_what_one_tries_again_soon_another_does_not_wait_for(world: World, stage: Stage) -> None:
    async with working(world, stage, Plays(stage), Ahead(3600)):
        job = await add(world, a_job(world, name="stumble"))
        await told(stage.started)
        await becomes(world, job, JobStatus.DEAD)
    assert (await read(world, job)).finished_at < now() + timedelta(minutes=1)  # type: ignore[operator]


async def test_who_asks_with_a_clock_that_is_ahead_does_not_wait_for_it(world: World, stage: Stage) -> None:
    world.clock.advance(hours=1)
    async with working(world, stage):
        job = await add(world, a_job(world, name="play"))
        await becomes(world, job, JobStatus.SUCCEEDED)
        later = await add(world, a_job(world, name="play", run_at=world.clock() + timedelta(minutes=5)))
    assert (await read(world, later)).status is JobStatus.PENDING
