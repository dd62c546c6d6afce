from collections.abc import AsyncIterator
from typing import Final

import asyncpg
from dishka import Provider, WithParents, provide
from dishka import Scope as Lifetime

from adapters.pgtools.dump import PgSchemaDump
from adapters.postgres.backups.direct import DirectDatabase
from adapters.postgres.components import PostgresHealthBoard
from adapters.postgres.health import database_problem
from adapters.postgres.identity.access import PostgresAccessReader
from adapters.postgres.migrations import TENANT_HISTORY, History
from adapters.postgres.pool import open_pool
from adapters.postgres.session import PostgresUnitOfWork, ScopedSession
from adapters.postgres.tenancy.directory import PostgresSiteDirectory
from application.backups.schema_ports import SchemaDump
from application.identity.entry_ports import PlatformAccessReader
from application.shared.ports import Clock
from application.shared.trail import TrailSource
from application.tenancy.ports import FollowedSiteDirectory
from domain.tenancy.scope import PlatformScope
from entrypoints.component_checks import DatabaseCheck
from entrypoints.settings import Settings
from entrypoints.stores import access, audit, backups, files, identity, jobs, projects, tasks, tenancy

_ROUTING_CONNECTIONS: Final = 2


class Postgres(Provider):
    """Everything in PostgreSQL at `settings.database_url`, which is not empty any more here."""

    scope = Lifetime.REQUEST

    @provide(scope=Lifetime.APP)
    async def pool(self, settings: Settings) -> AsyncIterator[asyncpg.Pool]:
        pool = await open_pool(
            settings.database_url,
            size=settings.database_pool_size,
            statements=settings.database_statements,
            name="taruvi",
        )
        yield pool
        await pool.close()

    @provide(scope=Lifetime.APP)
    def tenant_history(self) -> History:
        return TENANT_HISTORY

    @provide(scope=Lifetime.APP)
    def direct(self, settings: Settings) -> DirectDatabase:
        return DirectDatabase(backups.direct_url(settings))

    @provide(scope=Lifetime.APP)
    def dump(self, settings: Settings) -> SchemaDump:
        return PgSchemaDump(backups.direct_url(settings), backups.tool_folders(settings))

    @provide(scope=Lifetime.APP)
    async def directory(self, settings: Settings, clock: Clock) -> AsyncIterator[FollowedSiteDirectory]:
        pool = await open_pool(settings.database_url, size=_ROUTING_CONNECTIONS, statements=10, name="taruvi routing")
        yield PostgresSiteDirectory(pool, clock)
        await pool.close()

    @provide
    def platform_access(self, pool: asyncpg.Pool, trail: TrailSource, clock: Clock) -> PlatformAccessReader:
        return PostgresAccessReader(ScopedSession(pool, PlatformScope(), trail), clock)

    @provide(scope=Lifetime.APP)
    def check(self, pool: asyncpg.Pool) -> DatabaseCheck:
        async def ask() -> str:
            return await database_problem(pool)

        return ask

    session = provide(ScopedSession)
    health = provide(WithParents[PostgresHealthBoard])
    work = provide(WithParents[PostgresUnitOfWork])
    identity = identity.POSTGRES
    access = access.POSTGRES
    projects = projects.POSTGRES
    tasks = tasks.POSTGRES
    files = files.POSTGRES
    audit = audit.POSTGRES
    jobs = jobs.POSTGRES
    backups = backups.POSTGRES
    tenancy = tenancy.POSTGRES
