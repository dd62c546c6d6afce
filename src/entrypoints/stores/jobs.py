from typing import Final

from dishka import Provider, WithParents, provide, provide_all
from dishka import Scope as Lifetime

from adapters.memory.job_reader import MemoryJobReader
from adapters.memory.jobs import MemoryJobLeases, MemoryJobRepository, MemoryOnce
from adapters.postgres.jobs.leases import PostgresJobLeases, PostgresOnce
from adapters.postgres.jobs.reader import PostgresJobReader
from adapters.postgres.jobs.repository import PostgresJobRepository
from application.jobs.ports import JobRepository
from application.jobs.reader import JobReader
from application.shared.jobs import Once

POSTGRES: Final = provide_all(WithParents[PostgresJobRepository], WithParents[PostgresJobReader]) + provide(
    WithParents[PostgresJobLeases], scope=Lifetime.APP
)

MEMORY: Final = (
    provide(MemoryJobRepository, provides=JobRepository)
    + provide(MemoryJobReader, provides=JobReader)
    + provide(WithParents[MemoryJobLeases], scope=Lifetime.APP)
)


class PostgresSteps(Provider):
    """Where jobs are run on PostgreSQL."""

    once = provide(PostgresOnce, provides=Once, scope=Lifetime.REQUEST)


class MemorySteps(Provider):
    once = provide(MemoryOnce, provides=Once, scope=Lifetime.REQUEST)
