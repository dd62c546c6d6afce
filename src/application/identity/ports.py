from datetime import datetime
from typing import Protocol

from application.identity.user_views import UserGroup, UserQuery, UserView
from application.identity.views import Access, Allowance, SessionView
from application.shared.page import Page, PageRequest
from domain.identity.entry import Visitor
from domain.identity.session import (
    Client,
    RefreshToken,
    RefreshTokenId,
    Session,
    SessionEnd,
)
from domain.identity.tokens import AccessClaims, RefreshClaims
from domain.identity.user import User
from domain.shared.caller import Permission, SessionId, UserId


class UserRepository(Protocol):
    """The users of the schema in whose name this runs."""

    async def add(self, user: User) -> None:
        """Raise `UsernameTakenError` or `EmailTakenError`; case does not tell two apart."""
        ...

    async def get(self, user_id: UserId) -> User:
        """Lock it until the transaction ends. Raise `UserNotFoundError` if there is none."""
        ...

    async def find_by_login(self, login: str) -> User | None:
        """By username or email; `domain.identity.user.folded` says which are the same."""
        ...

    async def save(self, user: User) -> None: ...

    async def remove(self, user_id: UserId) -> None:
        """With their sessions and memberships in groups.

        Raise `UserInUseError` if something that must stay is theirs, `UserNotFoundError` if there is none.
        """
        ...

    async def lock_admins(self) -> frozenset[UserId]:
        """The active admins, linked users left out, locked until the transaction ends.

        Whoever locks another user too locks these first.
        """
        ...


class UserReader(Protocol):
    """The users of the schema, as they are shown."""

    async def page(self, query: UserQuery) -> Page[UserView]: ...

    async def get(self, user_id: UserId) -> UserView:
        """Raise `UserNotFoundError` if there is none."""
        ...


class Assignments(Protocol):
    """Where users are named without owning anything: as those who have something to do."""

    async def release(self, user_id: UserId, *, at: datetime) -> None:
        """Take the user's name away from all of it. On the platform there is none."""
        ...


class UserGroups(Protocol):
    """The groups that users are in. On the platform there are none."""

    async def of(self, user_id: UserId) -> list[UserGroup]:
        """By name."""
        ...

    async def permissions(self, user_id: UserId) -> frozenset[Permission]:
        """What all of the user's groups give together."""
        ...


class SessionRepository(Protocol):
    """The sessions of the users of this schema."""

    async def find(self, session_id: SessionId) -> Session | None:
        """Lock it until the transaction ends. Whoever locks its user too locks the user first."""
        ...

    async def add(self, session: Session) -> None: ...

    async def save(self, session: Session) -> None: ...

    async def end_all(self, user_id: UserId, because: SessionEnd, *, at: datetime) -> None:
        """End every live session of the user. Safe to repeat."""
        ...


class RefreshTokenRepository(Protocol):
    """The chains of refresh tokens; a token is known by its SHA-256 alone."""

    async def add(self, token: RefreshToken) -> None: ...

    async def consume(self, token_hash: bytes, successor: RefreshTokenId, *, at: datetime) -> RefreshToken | None:
        """Mark it used, atomically: of any number at once, one gets it and the rest get None."""
        ...

    async def find(self, token_hash: bytes) -> RefreshToken | None: ...

    async def get(self, token_id: RefreshTokenId) -> RefreshToken: ...


class SessionReader(Protocol):
    async def page(
        self, user_id: UserId, current: SessionId | None, page: PageRequest, *, at: datetime
    ) -> Page[SessionView]:
        """The user's live sessions, the one used last first."""
        ...


class AccessReader(Protocol):
    """What access tokens are checked against; may be up to 5 seconds old."""

    async def find(self, user_id: UserId, session_id: SessionId) -> Access | None: ...


class TokenCodec(Protocol):
    """Signed tokens of the scope in whose name this runs: no other scope's are ever read."""

    def write_access(self, claims: AccessClaims) -> str: ...

    def write_refresh(self, claims: RefreshClaims) -> str:
        """The same claims under the same key give the same token."""
        ...

    def read_access(self, token: str) -> AccessClaims:
        """Raise `InvalidTokenError`; never accept a refresh token."""
        ...

    def read_refresh(self, token: str) -> RefreshClaims:
        """Raise `InvalidTokenError`; never accept an access token."""
        ...


class PasswordHasher(Protocol):
    async def hash(self, password: str) -> str: ...

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Take the same time for no hash (False) as for a wrong password, whatever parameters its hash has.

        Raise `UnavailableError` when too many are waiting already.
        """
        ...

    def is_outdated(self, password_hash: str) -> bool:
        """Whether it was made with other parameters than today's."""
        ...


class LoginThrottle(Protocol):
    """Counts attempts to prove a password, per account and per network address."""

    async def admit(self, login: str, address: str) -> Allowance:
        """Count one attempt; say how many are left. Raise `ThrottledError` if there were too many.

        Where the account's password was proven before is not shut out by attempts from elsewhere.
        """
        ...

    async def forgive(self, login: str, address: str) -> None:
        """The password was right: forget the account's attempts from that address, and know it again."""
        ...


class SecurityEvents(Protocol):
    """What whoever watches the service wants to hear of."""

    async def refresh_token_reused(self, session: Session) -> None: ...

    async def impersonation_started(self, admin: Visitor, user: User, client: Client) -> None:
        """`admin` of the platform acts as `user`, who may be their own one."""
        ...
