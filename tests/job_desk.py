"""Running the jobs of a world at once, in this process, as a worker would."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import uuid4

import asyncpg
from dishka import AsyncContainer

from adapters.memory.database import MemoryDatabase
from application.jobs.kinds import JobKinds
from application.jobs.ports import JobCodec, JobLeases, RunningJob
from application.shared.ports import Clock
from domain.jobs.job import WAITING, JobId, LeaseId
from entrypoints.container import make_container
from entrypoints.settings import Settings
from entrypoints.stores.jobs import PostgresSteps
from entrypoints.stores.passwords import StrongPasswords
from entrypoints.stores.postgres import Postgres
from entrypoints.stores.storage import S3Storage
from entrypoints.worker.execution import Execution, ProgressBoard
from entrypoints.worker.requests import JobRequest

_WAITING = "select id from public.jobs where created_at >= $1 and run_at <= $2 and status = any($3) order by id"

LONG_AGO: Final = datetime(2026, 1, 1, tzinfo=UTC)


async def work_off(settings: Settings) -> None:
    """Run every job of a database of one's own, as a worker of these settings would."""
    stores = (Postgres(), PostgresSteps(), S3Storage(), StrongPasswords(), JobRequest())
    worker = make_container(settings, *stores)
    try:
        await JobDesk(worker, since=LONG_AGO).run_all()
    finally:
        await worker.close()


@dataclass(frozen=True, slots=True)
class JobDesk:
    """`worker` is a container as workers have it; other worlds' jobs, which are older than `since`, are let be."""

    worker: AsyncContainer
    since: datetime

    async def run_all(self) -> None:
        """What is due now, and what that adds, until nothing is left. What failed waits for its next attempt."""
        while due := await self.due():
            for job_id in due:
                await self.run(job_id)

    async def run(self, job_id: JobId) -> None:
        async with self.claimed(job_id) as (execution, running):
            if running is not None:
                ended = await execution(running, ProgressBoard())
                assert await (await self.worker.get(JobLeases)).finish(ended, running.lease)

    @asynccontextmanager
    async def claimed(self, job_id: JobId) -> AsyncIterator[tuple[Execution, RunningJob | None]]:
        """As a worker has it before it begins; None where it is not to be had."""
        worker = self.worker
        clock, leases = await worker.get(Clock), await worker.get(JobLeases)
        until = clock() + timedelta(minutes=1)
        running = await leases.claim(job_id, LeaseId(uuid4()), worker="a test", at=clock(), until=until)
        yield Execution(worker, await worker.get(JobKinds), await worker.get(JobCodec), clock), running

    async def due(self) -> list[JobId]:
        """Those that wait and may be run now, the oldest first."""
        now = (await self.worker.get(Clock))()
        if not (await self.worker.get(Settings)).database_url:
            stored = (await self.worker.get(MemoryDatabase)).jobs.values()
            return [one.job.id for one in stored if one.job.status in WAITING and one.job.run_at <= now]
        pool = await self.worker.get(asyncpg.Pool)
        return [JobId(one["id"]) for one in await pool.fetch(_WAITING, self.since, now, sorted(WAITING))]
