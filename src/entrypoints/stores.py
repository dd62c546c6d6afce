"""What the application lives on: PostgreSQL, or memory alone."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Final, TypeAlias

import asyncpg
from dishka import Provider, WithParents, provide, provide_all
from dishka import Scope as Lifetime

from adapters.crypto.passwords import Argon2PasswordHasher
from adapters.memory.access import (
    MemoryGroupMemberReader,
    MemoryGroupMemberRepository,
    MemoryGroupReader,
    MemoryGroupRepository,
)
from adapters.memory.database import MemoryDatabase, MemoryUnitOfWork
from adapters.memory.domains import MemoryDomainReader, MemoryDomainRepository, MemorySitesInSight
from adapters.memory.entries import MemoryLinkedUserRepository, MemorySiteEntries
from adapters.memory.grants import MemoryGrantableObjects, MemoryGrantReader, MemoryGrantRepository
from adapters.memory.identity import (
    MemoryAccessReader,
    MemoryRefreshTokenRepository,
    MemorySessionReader,
    MemorySessionRepository,
    MemoryUserRepository,
    PlainPasswordHasher,
)
from adapters.memory.invitations import MemoryInvitationReader, MemoryInvitationRepository
from adapters.memory.organization_readers import MemoryMemberReader, MemoryOrganizationReader
from adapters.memory.organizations import (
    MemoryMemberRepository,
    MemoryOrganizationRepository,
    MemoryOrganizationTies,
    MemorySiteAccessRepository,
)
from adapters.memory.password_resets import MemoryPasswordResetRepository
from adapters.memory.projects import MemoryProjectReader, MemoryProjectRepository
from adapters.memory.tenancy import (
    MemorySiteDirectory,
    MemorySiteReader,
    MemorySiteRepository,
    MemorySiteSchemas,
)
from adapters.memory.users import MemoryUserGroups, MemoryUserReader
from adapters.postgres.access.grants import PostgresGrantReader, PostgresGrantRepository
from adapters.postgres.access.group_member_reader import PostgresGroupMemberReader
from adapters.postgres.access.group_reader import PostgresGroupReader
from adapters.postgres.access.groups import PostgresGroupMemberRepository, PostgresGroupRepository
from adapters.postgres.access.objects import PostgresGrantableObjects
from adapters.postgres.access.user_groups import PostgresUserGroups
from adapters.postgres.identity.access import PostgresAccessReader
from adapters.postgres.identity.entries import PostgresSiteEntries
from adapters.postgres.identity.linked_users import PostgresLinkedUserRepository
from adapters.postgres.identity.password_resets import PostgresPasswordResetRepository
from adapters.postgres.identity.refresh_tokens import PostgresRefreshTokenRepository
from adapters.postgres.identity.sessions import PostgresSessionReader, PostgresSessionRepository
from adapters.postgres.identity.user_reader import PostgresUserReader
from adapters.postgres.identity.users import PostgresUserRepository
from adapters.postgres.migrations import TENANT_HISTORY, History
from adapters.postgres.pool import open_pool
from adapters.postgres.projects.reader import PostgresProjectReader
from adapters.postgres.projects.repository import PostgresProjectRepository
from adapters.postgres.session import PostgresUnitOfWork, ScopedSession, Trail
from adapters.postgres.tenancy.directory import PostgresSiteDirectory
from adapters.postgres.tenancy.domain_reader import PostgresDomainReader, PostgresSitesInSight
from adapters.postgres.tenancy.domains import PostgresDomainRepository
from adapters.postgres.tenancy.invitation_reader import PostgresInvitationReader
from adapters.postgres.tenancy.invitations import PostgresInvitationRepository
from adapters.postgres.tenancy.member_reader import PostgresMemberReader
from adapters.postgres.tenancy.members import PostgresMemberRepository
from adapters.postgres.tenancy.organization_reader import PostgresOrganizationReader
from adapters.postgres.tenancy.organization_ties import PostgresOrganizationTies
from adapters.postgres.tenancy.organizations import PostgresOrganizationRepository
from adapters.postgres.tenancy.reader import PostgresSiteReader
from adapters.postgres.tenancy.schemas import PostgresSiteSchemas
from adapters.postgres.tenancy.site_access import PostgresSiteAccessRepository
from adapters.postgres.tenancy.sites import PostgresSiteRepository
from application.access.grant_ports import GrantableObjects, GrantReader, GrantRepository
from application.access.ports import GroupMemberReader, GroupMemberRepository, GroupReader, GroupRepository
from application.identity.entry_ports import PlatformAccessReader
from application.identity.ports import (
    AccessReader,
    PasswordHasher,
    RefreshTokenRepository,
    SessionReader,
    SessionRepository,
    UserRepository,
)
from application.shared.ports import Clock, UnitOfWork
from application.tenancy.ports import FollowedSiteDirectory
from domain.tenancy.scope import PlatformScope, Scope
from entrypoints.settings import Settings

_ROUTING_CONNECTIONS: Final = 2

TrailSource: TypeAlias = Callable[[], Trail]
"""Asked when a transaction begins: by then it is known who is behind it."""


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
    async def directory(self, settings: Settings, clock: Clock) -> AsyncIterator[FollowedSiteDirectory]:
        pool = await open_pool(settings.database_url, size=_ROUTING_CONNECTIONS, statements=10, name="taruvi routing")
        yield PostgresSiteDirectory(pool, clock)
        await pool.close()

    @provide
    def platform_access(self, pool: asyncpg.Pool, trail: TrailSource, clock: Clock) -> PlatformAccessReader:
        return PostgresAccessReader(ScopedSession(pool, PlatformScope(), trail), clock)

    session = provide(ScopedSession)
    work = provide(WithParents[PostgresUnitOfWork])
    ports = provide_all(
        WithParents[PostgresUserRepository],
        WithParents[PostgresSessionRepository],
        WithParents[PostgresSessionReader],
        WithParents[PostgresRefreshTokenRepository],
        WithParents[PostgresAccessReader],
        WithParents[PostgresLinkedUserRepository],
        WithParents[PostgresSiteEntries],
        WithParents[PostgresGrantableObjects],
        WithParents[PostgresGrantRepository],
        WithParents[PostgresGrantReader],
        WithParents[PostgresProjectRepository],
        WithParents[PostgresProjectReader],
        WithParents[PostgresOrganizationRepository],
        WithParents[PostgresMemberRepository],
        WithParents[PostgresInvitationRepository],
        WithParents[PostgresInvitationReader],
        WithParents[PostgresPasswordResetRepository],
        WithParents[PostgresOrganizationReader],
        WithParents[PostgresMemberReader],
        WithParents[PostgresSiteAccessRepository],
        WithParents[PostgresOrganizationTies],
        WithParents[PostgresSiteRepository],
        WithParents[PostgresSiteReader],
        WithParents[PostgresSiteSchemas],
        WithParents[PostgresUserReader],
        WithParents[PostgresUserGroups],
        WithParents[PostgresGroupRepository],
        WithParents[PostgresGroupMemberRepository],
        WithParents[PostgresGroupReader],
        WithParents[PostgresGroupMemberReader],
        WithParents[PostgresSitesInSight],
        WithParents[PostgresDomainRepository],
        WithParents[PostgresDomainReader],
    )


class Memory(Provider):
    """Everything in this process, and gone with it: for tests."""

    scope = Lifetime.REQUEST

    def __init__(self, database: MemoryDatabase | None = None) -> None:
        super().__init__()
        self._database = database or MemoryDatabase()

    @provide(scope=Lifetime.APP)
    def database(self) -> MemoryDatabase:
        return self._database

    @provide(scope=Lifetime.APP)
    def directory(self, database: MemoryDatabase, clock: Clock) -> FollowedSiteDirectory:
        return MemorySiteDirectory(database, clock)

    @provide
    def access(self, database: MemoryDatabase, scope: Scope, clock: Clock) -> AccessReader:
        return MemoryAccessReader(database, scope, clock)

    @provide
    def platform_access(self, database: MemoryDatabase, clock: Clock) -> PlatformAccessReader:
        return MemoryAccessReader(database, PlatformScope(), clock)

    @provide
    def work(self, database: MemoryDatabase) -> UnitOfWork:
        return MemoryUnitOfWork(database)

    users = provide(MemoryUserRepository, provides=UserRepository)
    sessions = provide(MemorySessionRepository, provides=SessionRepository)
    session_reader = provide(MemorySessionReader, provides=SessionReader)
    refresh_tokens = provide(MemoryRefreshTokenRepository, provides=RefreshTokenRepository)
    grantable_objects = provide(MemoryGrantableObjects, provides=GrantableObjects)
    grants = provide(MemoryGrantRepository, provides=GrantRepository)
    grant_reader = provide(MemoryGrantReader, provides=GrantReader)
    groups = provide(MemoryGroupRepository, provides=GroupRepository)
    group_members = provide(MemoryGroupMemberRepository, provides=GroupMemberRepository)
    group_reader = provide(MemoryGroupReader, provides=GroupReader)
    group_member_reader = provide(MemoryGroupMemberReader, provides=GroupMemberReader)
    ports = provide_all(
        WithParents[MemoryLinkedUserRepository],
        WithParents[MemorySiteEntries],
        WithParents[MemoryProjectRepository],
        WithParents[MemoryProjectReader],
        WithParents[MemoryOrganizationRepository],
        WithParents[MemoryMemberRepository],
        WithParents[MemoryInvitationRepository],
        WithParents[MemoryInvitationReader],
        WithParents[MemoryPasswordResetRepository],
        WithParents[MemoryOrganizationReader],
        WithParents[MemoryMemberReader],
        WithParents[MemorySiteAccessRepository],
        WithParents[MemoryOrganizationTies],
        WithParents[MemorySiteRepository],
        WithParents[MemorySiteReader],
        WithParents[MemorySiteSchemas],
        WithParents[MemoryUserReader],
        WithParents[MemoryUserGroups],
        WithParents[MemorySitesInSight],
        WithParents[MemoryDomainRepository],
        WithParents[MemoryDomainReader],
    )


class StrongPasswords(Provider):
    @provide(scope=Lifetime.APP)
    def hasher(self, settings: Settings) -> Iterator[PasswordHasher]:
        hasher = Argon2PasswordHasher(
            threads=settings.password_threads,
            memory_kib=settings.password_memory_kib,
            passes=settings.password_passes,
        )
        yield hasher
        hasher.close()


class PlainPasswords(Provider):
    """For tests that are not about passwords."""

    @provide(scope=Lifetime.APP)
    def hasher(self) -> PasswordHasher:
        return PlainPasswordHasher()
