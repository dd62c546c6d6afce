from dataclasses import replace
from datetime import datetime

from adapters.memory.database import MemoryDatabase
from adapters.memory.paging import page_of
from adapters.memory.scoped import Scoped
from adapters.memory.users import given_by_groups
from application.identity.ports import (
    AccessReader,
    PasswordHasher,
    RefreshTokenRepository,
    SecurityEvents,
    SessionReader,
    SessionRepository,
    UserRepository,
)
from application.identity.views import Access, SessionView
from application.shared.page import Page, PageRequest
from application.shared.ports import Clock
from domain.identity.entry import Visitor
from domain.identity.login import folded
from domain.identity.session import Client, RefreshToken, RefreshTokenId, Session, SessionEnd
from domain.identity.user import (
    EmailTakenError,
    User,
    UserInUseError,
    UsernameTakenError,
    UserNotFoundError,
)
from domain.shared.caller import SessionId, UserId
from domain.tenancy.scope import PlatformScope, Scope


class MemoryUserRepository(Scoped, UserRepository):
    async def add(self, user: User) -> None:
        others = [other for other in self._tables.users.values() if other.id != user.id]
        if any(folded(other.username) == folded(user.username) for other in others):
            raise UsernameTakenError(f"the name {user.username} is taken")
        if any(folded(other.email) == folded(user.email) for other in others):
            raise EmailTakenError(f"the address {user.email} is taken")
        self._tables.users[user.id] = user

    async def get(self, user_id: UserId) -> User:
        if (user := self._tables.users.get(user_id)) is None:
            raise UserNotFoundError(f"there is no user {user_id}")
        return user

    async def find_by_login(self, login: str) -> User | None:
        for user in self._tables.users.values():
            if folded(login) in (folded(user.username), folded(user.email)):
                return user
        return None

    async def save(self, user: User) -> None:
        await self.get(user.id)
        await self.add(user)

    async def remove(self, user_id: UserId) -> None:
        await self.get(user_id)
        tables = self._tables
        members = self._database.members.values() if isinstance(self._scope, PlatformScope) else ()
        owners = {one.owner for kind in (tables.projects, tables.tasks, tables.files) for one in kind.values()}
        uploaders = {one.created_by for one in tables.uploads.values()}
        if user_id in owners | uploaders | {one.user_id for one in members}:
            raise UserInUseError("something still belongs to the user")
        del tables.users[user_id]
        ended = {one.id for one in tables.sessions.values() if one.user_id == user_id}
        tables.sessions = {key: one for key, one in tables.sessions.items() if key not in ended}
        tables.refresh_tokens = {k: one for k, one in tables.refresh_tokens.items() if one.session_id not in ended}
        tables.group_members = {key: one for key, one in tables.group_members.items() if one.user_id != user_id}
        tables.grants = {key: one for key, one in tables.grants.items() if one.user != user_id}
        tables.tasks = {
            key: replace(one, assignee=None) if one.assignee == user_id else one for key, one in tables.tasks.items()
        }

    async def lock_admins(self) -> frozenset[UserId]:
        return frozenset(user.id for user in self._tables.users.values() if user.is_active_admin)


class MemorySessionRepository(Scoped, SessionRepository):
    async def find(self, session_id: SessionId) -> Session | None:
        return self._tables.sessions.get(session_id)

    async def add(self, session: Session) -> None:
        self._tables.sessions[session.id] = session

    async def save(self, session: Session) -> None:
        self._tables.sessions[session.id] = session

    async def end_all(self, user_id: UserId, because: SessionEnd, *, at: datetime) -> None:
        for session in list(self._tables.sessions.values()):
            if session.user_id == user_id:
                self._tables.sessions[session.id] = session.end(because, at=at)


class MemoryRefreshTokenRepository(Scoped, RefreshTokenRepository):
    async def add(self, token: RefreshToken) -> None:
        self._tables.refresh_tokens[token.id] = token

    async def consume(self, token_hash: bytes, successor: RefreshTokenId, *, at: datetime) -> RefreshToken | None:
        token = await self.find(token_hash)
        if token is None or token.consumed_at or token.expires_at <= at:
            return None
        consumed = replace(token, consumed_at=at, successor_id=successor)
        self._tables.refresh_tokens[token.id] = consumed
        return consumed

    async def find(self, token_hash: bytes) -> RefreshToken | None:
        tokens = self._tables.refresh_tokens.values()
        return next((token for token in tokens if token.token_hash == token_hash), None)

    async def get(self, token_id: RefreshTokenId) -> RefreshToken:
        return self._tables.refresh_tokens[token_id]


class MemorySessionReader(Scoped, SessionReader):
    async def page(
        self, user_id: UserId, current: SessionId | None, page: PageRequest, *, at: datetime
    ) -> Page[SessionView]:
        sessions = self._tables.sessions.values()
        live = [one for one in sessions if one.user_id == user_id and one.is_live(at=at)]
        live.sort(key=lambda one: (one.last_used_at, one.id), reverse=True)
        return page_of([_to_view(one, current) for one in live], page)


class MemoryAccessReader(AccessReader):
    def __init__(self, database: MemoryDatabase, scope: Scope, clock: Clock) -> None:
        self._database = database
        self._scope = scope
        self._clock = clock

    async def find(self, user_id: UserId, session_id: SessionId) -> Access | None:
        tables = self._database.within(self._scope)
        user, session = tables.users.get(user_id), tables.sessions.get(session_id)
        if user is None:
            return None
        live = session is not None and session.user_id == user_id and session.is_live(at=self._clock())
        return Access(
            username=user.username,
            is_active=user.is_active,
            token_version=user.token_version,
            permissions=self._scope.permissions(
                is_admin=user.is_admin and user.linked_user_id is None,
                given=given_by_groups(tables, user_id),
            ),
            passage=session.passage(user) if live and session else None,
            impersonator_label=(session.impersonator_label or "") if live and session else "",
            is_linked=user.linked_user_id is not None,
        )


class PlainPasswordHasher(PasswordHasher):
    """For use-case tests: as quick as can be, and no secret at all."""

    async def hash(self, password: str) -> str:
        return f"plain:{password}"

    async def verify(self, password: str, password_hash: str | None) -> bool:
        return password_hash == f"plain:{password}"

    def is_outdated(self, password_hash: str) -> bool:
        return not password_hash.startswith("plain:")


class RecordedSecurityEvents(SecurityEvents):
    def __init__(self) -> None:
        self.reused: list[Session] = []
        self.impersonations: list[tuple[Visitor, User, Client]] = []

    async def refresh_token_reused(self, session: Session) -> None:
        self.reused.append(session)

    async def impersonation_started(self, admin: Visitor, user: User, client: Client) -> None:
        self.impersonations.append((admin, user, client))


def _to_view(session: Session, current: SessionId | None) -> SessionView:
    return SessionView(
        id=session.id,
        created_at=session.created_at,
        last_used_at=session.last_used_at,
        expires_at=session.expires_at,
        address=session.client.address,
        user_agent=session.client.user_agent,
        current=session.id == current,
        impersonated_by=session.impersonator_label,
    )
