"""Jobs as the contracts of their ports make them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final

from dishka import AsyncContainer

from application.jobs.ports import DispatchLimits, JobDispatch, JobLeases, JobRepository, RunningJob
from application.shared.jobs import Progress
from application.shared.ports import UnitOfWork
from domain.jobs.job import Asker, Job, JobId, JobStatus, LeaseId, Queue
from domain.tenancy.scope import Scope
from entrypoints.identifiers import new_id
from entrypoints.worker.execution import ProgressBoard
from tests.world import PLATFORM, World

MINUTE: Final = timedelta(minutes=1)
LIMITS: Final = DispatchLimits()


def a_job(world: World, *, queue: Queue = Queue.REPORTS, late: float = 0, **changes: Any) -> Job:
    """One that is due, and has been for so many seconds."""
    now = world.clock()
    values: dict[str, Any] = {
        "id": JobId(new_id()),
        "name": "discard_uploads",
        "queue": queue,
        "asker": Asker(label="a test", request_id="a-request"),
        "created_at": now,
        "run_at": now - timedelta(seconds=late),
    }
    return Job(**values | changes)


async def add(world: World, job: Job, scope: Scope = PLATFORM) -> Job:
    async with world.acting(scope) as container, await container.get(UnitOfWork):
        assert await (await container.get(JobRepository)).add(job)
    return job


async def read(world: World, job: Job, scope: Scope = PLATFORM) -> Job:
    async with world.acting(scope) as container, await container.get(UnitOfWork):
        found: Job = await (await container.get(JobRepository)).get(job.id)
    return found


async def save(world: World, job: Job, scope: Scope = PLATFORM) -> None:
    async with world.acting(scope) as container, await container.get(UnitOfWork):
        await (await container.get(JobRepository)).save(job)


async def status(world: World, job: Job) -> JobStatus:
    return (await read(world, job)).status


async def leases(world: World) -> JobLeases:
    found: JobLeases = await world.desk.worker.get(JobLeases)
    return found


async def claim(world: World, job: Job, *, lasting: timedelta = MINUTE) -> RunningJob | None:
    now = world.clock()
    return await (await leases(world)).claim(job.id, LeaseId(new_id()), worker="one", at=now, until=now + lasting)


async def running(world: World, job: Job, *, lasting: timedelta = MINUTE) -> RunningJob:
    claimed = await claim(world, job, lasting=lasting)
    assert claimed is not None
    return claimed


@asynccontextmanager
async def running_in(world: World, job: RunningJob) -> AsyncIterator[AsyncContainer]:
    """What a use case has that runs as this job."""
    async with world.desk.worker(context={RunningJob: job, Progress: ProgressBoard()}) as container:
        yield container


async def take(
    world: World, limits: DispatchLimits = LIMITS, *, queue: Queue = Queue.REPORTS, at: datetime | None = None
) -> list[JobId]:
    """All tests of a store share its queues: what others left there is not counted."""
    dispatch = await world.desk.worker.get(JobDispatch)
    return list((await dispatch.take(queue, limits, at=at or world.clock())).job_ids)
