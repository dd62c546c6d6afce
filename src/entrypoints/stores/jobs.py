from typing import Final

from dishka import Provider, WithParents, provide, provide_all
from dishka import Scope as Lifetime

from adapters.memory.ended_jobs import MemoryEndedJobs
from adapters.memory.job_reader import MemoryJobReader
from adapters.memory.jobs import MemoryJobLeases, MemoryJobRepository, MemoryOnce
from adapters.memory.schedules import MemoryScheduledJobs, MemoryScheduleReader, MemoryScheduleRepository
from adapters.postgres.jobs.ended import PostgresEndedJobs
from adapters.postgres.jobs.leases import PostgresJobLeases, PostgresOnce
from adapters.postgres.jobs.reader import PostgresJobReader
from adapters.postgres.jobs.repository import PostgresJobRepository
from adapters.postgres.jobs.schedule_reader import PostgresScheduleReader
from adapters.postgres.jobs.scheduled import PostgresScheduledJobs
from adapters.postgres.jobs.schedules import PostgresScheduleRepository
from application.jobs.ports import JobRepository
from application.jobs.reader import JobReader
from application.shared.jobs import Once

POSTGRES: Final = provide_all(
    WithParents[PostgresJobRepository],
    WithParents[PostgresJobReader],
    WithParents[PostgresScheduleRepository],
    WithParents[PostgresScheduleReader],
    WithParents[PostgresScheduledJobs],
) + provide_all(WithParents[PostgresJobLeases], WithParents[PostgresEndedJobs], scope=Lifetime.APP)

MEMORY: Final = (
    provide(MemoryJobRepository, provides=JobRepository)
    + provide(MemoryJobReader, provides=JobReader)
    + provide_all(
        WithParents[MemoryScheduleRepository],
        WithParents[MemoryScheduleReader],
        WithParents[MemoryScheduledJobs],
    )
    + provide_all(WithParents[MemoryJobLeases], WithParents[MemoryEndedJobs], scope=Lifetime.APP)
)


class PostgresSteps(Provider):
    """Where jobs are run on PostgreSQL."""

    once = provide(PostgresOnce, provides=Once, scope=Lifetime.REQUEST)


class MemorySteps(Provider):
    once = provide(MemoryOnce, provides=Once, scope=Lifetime.REQUEST)
