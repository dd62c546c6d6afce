from typing import Final

from dishka import WithParents, provide, provide_all

from adapters.memory.entries import MemoryLinkedUserRepository, MemorySiteEntries
from adapters.memory.identity import (
    MemoryRefreshTokenRepository,
    MemorySessionReader,
    MemorySessionRepository,
    MemoryUserRepository,
)
from adapters.memory.password_resets import MemoryPasswordResetRepository
from adapters.memory.spent import MemorySpentCredentials
from adapters.memory.users import MemoryUserReader
from adapters.postgres.identity.access import PostgresAccessReader
from adapters.postgres.identity.entries import PostgresSiteEntries
from adapters.postgres.identity.linked_users import PostgresLinkedUserRepository
from adapters.postgres.identity.password_resets import PostgresPasswordResetRepository
from adapters.postgres.identity.refresh_tokens import PostgresRefreshTokenRepository
from adapters.postgres.identity.sessions import PostgresSessionReader, PostgresSessionRepository
from adapters.postgres.identity.spent import PostgresSpentCredentials
from adapters.postgres.identity.user_reader import PostgresUserReader
from adapters.postgres.identity.users import PostgresUserRepository
from application.identity.entry_ports import LinkedUserRepository
from application.identity.ports import (
    RefreshTokenRepository,
    SessionReader,
    SessionRepository,
    UserReader,
    UserRepository,
)
from application.identity.purge_ports import SpentCredentials
from application.identity.reset_ports import PasswordResetRepository

POSTGRES: Final = provide_all(
    WithParents[PostgresUserRepository],
    WithParents[PostgresSessionRepository],
    WithParents[PostgresSessionReader],
    WithParents[PostgresRefreshTokenRepository],
    WithParents[PostgresAccessReader],
    WithParents[PostgresLinkedUserRepository],
    WithParents[PostgresSiteEntries],
    WithParents[PostgresPasswordResetRepository],
    WithParents[PostgresSpentCredentials],
    WithParents[PostgresUserReader],
)

MEMORY: Final = (
    provide(WithParents[MemorySiteEntries])
    + provide(MemoryLinkedUserRepository, provides=LinkedUserRepository)
    + provide(MemoryPasswordResetRepository, provides=PasswordResetRepository)
    + provide(MemorySpentCredentials, provides=SpentCredentials)
    + provide(MemoryUserReader, provides=UserReader)
    + provide(MemoryUserRepository, provides=UserRepository)
    + provide(MemorySessionRepository, provides=SessionRepository)
    + provide(MemorySessionReader, provides=SessionReader)
    + provide(MemoryRefreshTokenRepository, provides=RefreshTokenRepository)
)
