"""A worker that is told to stop loses nothing."""

import asyncio
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing
from dataclasses import dataclass

import asyncpg
import pytest

from adapters.memory.transport import MemoryTransport
from application.jobs.transport import Delivery
from domain.jobs.job import JobId, JobStatus, Queue
from tests.contracts.jobs.jobs import a_job, add, read
from tests.postgres.test_job_locks import locked, until_somebody_waits
from tests.worker.play import Plays, Stage
from tests.worker.workers import Carried, becomes, told, working
from tests.world import World

pytestmark = [pytest.mark.postgres, pytest.mark.storage]


async def test_what_runs_may_finish(world: World, stage: Stage) -> None:
    async with working(world, stage) as worker:
        job = await add(world, a_job(world, name="wait"))
        await told(stage.started)
        worker.stop.set()
        later = await add(world, a_job(world, name="play"))
        stage.go.set()
        await worker.task
        assert (await read(world, job)).status is JobStatus.SUCCEEDED
        assert (await read(world, later)).status in (JobStatus.PENDING, JobStatus.QUEUED)
    assert stage.done == [""]
    async with working(world, stage):
        await becomes(world, later, JobStatus.SUCCEEDED)


async def test_what_takes_too_long_is_handed_back_and_does_not_count(world: World, stage: Stage) -> None:
    async with working(world, stage, grace=0.05) as worker:
        jobs = [await add(world, a_job(world, name="wait")) for _ in range(3)]
        for _ in jobs:
            await told(stage.started)
        await worker.end()
        for job in jobs:
            waiting = await read(world, job)
            assert (waiting.status, waiting.attempts) == (JobStatus.PENDING, 0)
    other = Stage()
    other.go.set()
    async with working(world, other):
        for job in jobs:
            assert (await becomes(world, job, JobStatus.SUCCEEDED)).attempts == 1


async def test_a_worker_that_is_cancelled_hands_back_too(world: World, stage: Stage) -> None:
    async with working(world, stage) as worker:
        job = await add(world, a_job(world, name="wait"))
        await told(stage.started)
        worker.task.cancel()
        await asyncio.wait({worker.task})
        assert (await read(world, job)).status is JobStatus.PENDING
        assert worker.task.cancelled()


async def test_a_full_worker_keeps_nothing_from_the_others(world: World, stage: Stage) -> None:
    other = Stage()
    async with working(world, stage, concurrency=1):
        await add(world, a_job(world, name="wait"))
        await told(stage.started)
        jobs = [await add(world, a_job(world, name="play")) for _ in range(5)]
        async with working(world, other):
            for job in jobs:
                await becomes(world, job, JobStatus.SUCCEEDED)
    assert len(other.done) == 5


class DeafTransport(MemoryTransport):
    """Does not answer to acknowledgements."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    async def deliveries(self, queues: Collection[Queue], *, prefetch: int) -> AsyncGenerator[Delivery]:
        async with aclosing(super().deliveries(queues, prefetch=prefetch)) as deliveries:
            async for one in deliveries:
                yield Unanswered(one.job_id, self.asked)


@dataclass(frozen=True)
class Unanswered(Delivery):
    job: JobId
    asked: asyncio.Event

    @property
    def job_id(self) -> JobId:
        return self.job

    async def ack(self) -> None:
        self.asked.set()
        await asyncio.Event().wait()


async def test_what_was_claimed_and_not_begun_is_handed_back(world: World, stage: Stage) -> None:
    transport = DeafTransport()
    async with working(world, stage, Plays(stage), Carried(transport), grace=0.05) as worker:
        job = await add(world, a_job(world, name="play"))
        async with asyncio.timeout(20):
            await transport.asked.wait()
        await worker.end()
        waiting = await read(world, job)
    assert (waiting.status, waiting.attempts, stage.done) == (JobStatus.PENDING, 0, [])


async def test_an_end_that_is_being_written_is_written(world: World, stage: Stage) -> None:
    async with working(world, stage, grace=0.05) as worker:
        job = await add(world, a_job(world, name="wait"))
        await told(stage.started)
        async with locked(world, job):
            stage.go.set()
            await becomes_stuck(world)
            worker.stop.set()
            await asyncio.sleep(0.5)  # longer than the grace
        await worker.task
        assert (await read(world, job)).status is JobStatus.SUCCEEDED


async def becomes_stuck(world: World) -> None:
    async with (await world.container.get(asyncpg.Pool)).acquire() as connection:
        await until_somebody_waits(connection)
