from collections.abc import AsyncIterator
from typing import Final, NewType

import asyncpg
from dishka import Provider, WithParents, provide, provide_all
from dishka import Scope as Lifetime

from adapters.memory.dispatch import MemoryJobDispatch
from adapters.memory.ended_jobs import MemoryEndedJobs
from adapters.memory.job_reader import MemoryJobReader
from adapters.memory.jobs import MemoryJobLeases, MemoryJobRepository, MemoryOnce
from adapters.memory.schedules import MemoryScheduledJobs, MemoryScheduleReader, MemoryScheduleRepository
from adapters.postgres.jobs.dispatch import PostgresJobDispatch
from adapters.postgres.jobs.ended import PostgresEndedJobs
from adapters.postgres.jobs.leases import PostgresJobLeases, PostgresOnce
from adapters.postgres.jobs.reader import PostgresJobReader
from adapters.postgres.jobs.repository import PostgresJobRepository
from adapters.postgres.jobs.schedule_reader import PostgresScheduleReader
from adapters.postgres.jobs.scheduled import PostgresScheduledJobs
from adapters.postgres.jobs.schedules import PostgresScheduleRepository
from adapters.postgres.jobs.wakes import PostgresJobWakes
from adapters.postgres.pool import open_pool
from adapters.postgres.time import DatabaseTime
from application.jobs.ports import JobDispatch, JobLeases, JobRepository, JobWakes
from application.jobs.reader import JobReader
from application.shared.jobs import Once
from application.shared.ports import Clock
from entrypoints.settings import Settings

EnginePool = NewType("EnginePool", asyncpg.Pool)
"""Jobs that take all connections of theirs must not keep their own leases from being extended."""
_ENGINE_CONNECTIONS: Final = 4

POSTGRES: Final = provide_all(
    WithParents[PostgresJobRepository],
    WithParents[PostgresJobReader],
    WithParents[PostgresScheduleRepository],
    WithParents[PostgresScheduleReader],
    WithParents[PostgresScheduledJobs],
) + provide(WithParents[PostgresEndedJobs], scope=Lifetime.APP)

MEMORY: Final = (
    provide(MemoryJobRepository, provides=JobRepository)
    + provide(MemoryJobReader, provides=JobReader)
    + provide_all(
        WithParents[MemoryScheduleRepository],
        WithParents[MemoryScheduleReader],
        WithParents[MemoryScheduledJobs],
    )
    + provide(WithParents[MemoryEndedJobs], scope=Lifetime.APP)
)


class PostgresSteps(Provider):
    """Where jobs are run on PostgreSQL."""

    scope = Lifetime.APP
    once = provide(PostgresOnce, provides=Once, scope=Lifetime.REQUEST)

    @provide
    async def pool(self, settings: Settings) -> AsyncIterator[EnginePool]:
        pool = await open_pool(settings.database_url, size=_ENGINE_CONNECTIONS, statements=50, name="taruvi jobs")
        yield EnginePool(pool)
        await pool.close()

    @provide
    def time(self, pool: EnginePool, clock: Clock) -> DatabaseTime:
        return DatabaseTime(pool, clock)

    @provide
    def leases(self, pool: EnginePool) -> JobLeases:
        return PostgresJobLeases(pool)

    @provide
    def dispatch(self, pool: EnginePool) -> JobDispatch:
        return PostgresJobDispatch(pool)

    @provide
    def wakes(self, settings: Settings) -> JobWakes:
        return PostgresJobWakes(settings.database_url)


class MemorySteps(Provider):
    scope = Lifetime.APP
    once = provide(MemoryOnce, provides=Once, scope=Lifetime.REQUEST)
    engine = provide_all(WithParents[MemoryJobLeases], WithParents[MemoryJobDispatch])
