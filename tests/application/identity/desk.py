"""The use cases of identity on memory, with one admin in it, and a clock that a test moves."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Self
from uuid import UUID

from adapters.crypto.keyring import generate_jwks, read_keyring
from adapters.crypto.tokens import JwtTokenCodec, TokenSigner
from adapters.memory.database import MemoryDatabase, MemorySchema, MemoryUnitOfWork
from adapters.memory.entries import MemorySiteEntries
from adapters.memory.identity import (
    MemoryAccessReader,
    MemoryRefreshTokenRepository,
    MemorySessionReader,
    MemorySessionRepository,
    MemoryUserRepository,
    RecordedSecurityEvents,
)
from application.identity.authenticate import Authenticate
from application.identity.change_password import ChangePassword
from application.identity.create_admin import CreateAdmin
from application.identity.end_all_sessions import EndAllSessions
from application.identity.end_session import EndSession
from application.identity.entered_access import EnteredAccessReader
from application.identity.entry_check import EntryCheck
from application.identity.list_sessions import ListSessions
from application.identity.log_in import LogIn
from application.identity.log_out import LogOut
from application.identity.refresh_session import RefreshSession
from application.identity.session_tokens import SessionTokens, TokenLifetimes
from application.identity.verify_token import VerifyToken
from domain.identity.session import Client, Session
from domain.identity.tokens import InvalidTokenError, TokenPair
from domain.identity.user import User
from domain.shared.caller import Caller, Permission
from domain.tenancy.scope import PlatformScope, Scope, SiteScope
from domain.tenancy.site import SiteId
from domain.tenancy.slug import SiteSlug
from tests.application.identity.recorders import RecordingHasher, RecordingThrottle
from tests.domain.identity.people import CLIENT, NOON, a_user

PASSWORD: Final = "a-good-password"
ADA: Final = a_user(is_admin=True)
ELSEWHERE: Final = Client(address="192.0.2.99", user_agent="another browser")
SITE: Final = SiteScope(SiteId(UUID(int=7)), "acme", SiteSlug("acme").schema)
_KEYS: Final = read_keyring(generate_jwks())


class Desk:
    """`log_in`, `refresh`, … are the use cases; `tables` is what they work on."""

    def __init__(self, **lifetimes: timedelta) -> None:
        self.now = NOON
        self.database = MemoryDatabase()
        self.platform = PlatformScope()
        self.scope: Scope = self.platform
        self.throttle = RecordingThrottle()
        self.events = RecordedSecurityEvents()
        self.hasher = RecordingHasher()
        self.tables.users[ADA.id] = ADA
        self._last_id = 1000
        self._lifetimes = TokenLifetimes(**lifetimes)
        self._signer = TokenSigner(_KEYS, self.clock, issuer="taruvi", leeway=timedelta())

    @classmethod
    def of_site(cls, **lifetimes: timedelta) -> Self:
        """In a site, where Ada is too; the platform has nobody."""
        desk = cls(**lifetimes)
        desk.scope = SITE
        desk.database.schemas[SITE.schema.name] = MemorySchema(users={ADA.id: ADA})
        del desk.database.within(desk.platform).users[ADA.id]
        return desk

    def clock(self) -> datetime:
        return self.now

    def new_id(self) -> UUID:
        self._last_id += 1
        return UUID(int=self._last_id)

    def later(self, **step: float) -> None:
        self.now += timedelta(**step)

    @property
    def tables(self) -> MemorySchema:
        return self.database.within(self.scope)

    @property
    def sessions(self) -> list[Session]:
        return list(self.tables.sessions.values())

    def change(self, **changes: object) -> None:
        """Change the user Ada behind the back of all use cases."""
        self.tables.users[ADA.id] = replace(self.tables.users[ADA.id], **changes)  # type: ignore[arg-type]  # by name

    def caller(self, session: Session | None = None, *permissions: Permission) -> Caller:
        return Caller(
            label=ADA.username,
            permissions=frozenset(permissions),
            user_id=ADA.id,
            session_id=session.id if session else None,
        )

    @property
    def work(self) -> MemoryUnitOfWork:
        return MemoryUnitOfWork(self.database)

    @property
    def users(self) -> MemoryUserRepository:
        return MemoryUserRepository(self.database, self.scope)

    @property
    def session_repository(self) -> MemorySessionRepository:
        return MemorySessionRepository(self.database, self.scope)

    @property
    def chain(self) -> MemoryRefreshTokenRepository:
        return MemoryRefreshTokenRepository(self.database, self.scope)

    @property
    def codec(self) -> JwtTokenCodec:
        return JwtTokenCodec(self._signer, self.scope)

    @property
    def tokens(self) -> SessionTokens:
        return SessionTokens(
            sessions=self.session_repository,
            chain=self.chain,
            codec=self.codec,
            new_id=self.new_id,
            lifetimes=self._lifetimes,
            entry=self.entry,
        )

    @property
    def entry(self) -> EntryCheck:
        return EntryCheck(entries=MemorySiteEntries(self.database, self.scope))

    async def log_in(self, login: str = "ada1", password: str = PASSWORD, client: Client = CLIENT) -> TokenPair:
        log_in = LogIn(
            users=self.users,
            passwords=self.hasher,
            throttle=self.throttle,
            tokens=self.tokens,
            work=self.work,
            clock=self.clock,
        )
        return await log_in(login=login, password=password, client=client)

    async def refresh(self, refresh: str) -> TokenPair:
        refresh_session = RefreshSession(
            users=self.users,
            sessions=self.session_repository,
            tokens=self.tokens,
            events=self.events,
            work=self.work,
            clock=self.clock,
        )
        return await refresh_session(refresh=refresh)

    @property
    def authenticate(self) -> Authenticate:
        source = MemoryAccessReader(self.database, self.scope, self.clock)
        access = EnteredAccessReader(source=source, check=self.entry)
        return Authenticate(codec=self.codec, access=access)

    async def verify(self, token: str) -> None:
        verify_token = VerifyToken(
            users=self.users, tokens=self.tokens, authenticate=self.authenticate, work=self.work, clock=self.clock
        )
        await verify_token(token=token)

    async def is_good(self, token: str) -> bool:
        try:
            await self.verify(token)
        except InvalidTokenError:
            return False
        return True

    async def log_out(self, refresh: str) -> None:
        log_out = LogOut(
            codec=self.codec, sessions=self.session_repository, chain=self.chain, work=self.work, clock=self.clock
        )
        await log_out(refresh=refresh)

    async def change_password(self, current: str, new: str, caller: Caller | None = None) -> TokenPair:
        change_password = ChangePassword(
            caller=caller or self.caller(),
            users=self.users,
            passwords=self.hasher,
            throttle=self.throttle,
            tokens=self.tokens,
            work=self.work,
            clock=self.clock,
        )
        return await change_password(current_password=current, new_password=new, client=ELSEWHERE)

    def end_session(self, caller: Caller) -> EndSession:
        return EndSession(caller=caller, sessions=self.session_repository, work=self.work, clock=self.clock)

    def end_all_sessions(self, caller: Caller) -> EndAllSessions:
        return EndAllSessions(
            caller=caller, users=self.users, sessions=self.session_repository, work=self.work, clock=self.clock
        )

    def list_sessions(self, caller: Caller) -> ListSessions:
        reader = MemorySessionReader(self.database, self.scope)
        return ListSessions(caller=caller, reader=reader, clock=self.clock)

    async def create_admin(self, caller: Caller, username: str, email: str, password: str) -> User:
        create_admin = CreateAdmin(
            caller=caller, users=self.users, passwords=self.hasher, work=self.work, clock=self.clock, new_id=self.new_id
        )
        return await create_admin(username=username, email=email, password=password)
