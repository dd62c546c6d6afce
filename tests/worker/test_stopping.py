"""A worker that is told to stop loses nothing."""

import asyncio

import pytest

from domain.jobs.job import JobStatus
from tests.contracts.jobs.jobs import a_job, add, read
from tests.worker.play import Stage
from tests.worker.workers import becomes, told, working
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
