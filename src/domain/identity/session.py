from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType, Self
from uuid import UUID

from domain.identity.entry import Passage
from domain.identity.user import User
from domain.shared.caller import SessionId, UserId
from domain.shared.errors import NotFoundError

RefreshTokenId = NewType("RefreshTokenId", UUID)


class SessionNotFoundError(NotFoundError):
    code = "session_not_found"


class SessionEnd(StrEnum):
    """Why a session ended before its time."""

    LOGGED_OUT = "logged_out"
    ENDED_BY_USER = "ended_by_user"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  not a password
    PASSWORD_RESET = "password_reset"  # noqa: S105  not a password
    TOKEN_REUSED = "token_reused"  # noqa: S105  not a password
    ENDED_BY_ADMIN = "ended_by_admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Where a session was opened: network address and what the browser calls itself."""

    address: str
    user_agent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One login on one device: a family of refresh tokens, of which only the newest is good.

    `impersonator` is the platform's admin who acts as the user in it, if one does: such a session ends when it
    was said to, however often it is used. `platform_session` is the session of the platform that it was opened from,
    if it was: ended there, it is over here.
    """

    id: SessionId
    user_id: UserId
    client: Client
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    ended_because: SessionEnd | None = None
    impersonator: UserId | None = None
    impersonator_label: str | None = None
    platform_session: SessionId | None = None

    def is_live(self, *, at: datetime) -> bool:
        return self.ended_at is None and at < self.expires_at

    def used(self, *, at: datetime, until: datetime) -> Self:
        if self.impersonator is not None:
            until = min(until, self.expires_at)
        return replace(self, last_used_at=at, expires_at=until)

    def passage(self, user: User) -> Passage:
        """What of it, as a session of this user, is for the platform to judge."""
        return Passage(
            linked=user.linked_user_id,
            impersonator=self.impersonator,
            platform_session=self.platform_session,
            entered_at=self.created_at,
        )

    def end(self, because: SessionEnd, *, at: datetime) -> Self:
        """The first end stays: ending an ended session changes nothing."""
        if self.ended_at is not None:
            return self
        return replace(self, ended_at=at, ended_because=because)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken:
    """One link of a session's chain. `token_hash` is the SHA-256 of what the client holds."""

    id: RefreshTokenId
    session_id: SessionId
    token_hash: bytes
    issued_at: datetime
    expires_at: datetime
    consumed_at: datetime | None = None
    successor_id: RefreshTokenId | None = None

    def is_within_grace(self, *, at: datetime, grace: timedelta) -> bool:
        """Whether a client that lost the answer may still ask for the same successor.

        A clock that was set back does not lengthen it.
        """
        return self.consumed_at is not None and abs(at - self.consumed_at) <= grace
