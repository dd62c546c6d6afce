from dataclasses import dataclass
from datetime import datetime

from domain.identity.session import RefreshTokenId
from domain.shared.caller import SessionId, UserId
from domain.shared.errors import UnauthenticatedError


class InvalidTokenError(UnauthenticatedError):
    """Malformed, forged, expired, ended, of another site, or of the wrong kind."""

    code = "token_not_valid"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessClaims:
    """Who asks, in which session, and as of which version of the user's tokens.

    `impersonator` is the platform's admin who acts as the user, if one does.
    """

    user_id: UserId
    session_id: SessionId
    token_version: int
    issued_at: datetime
    expires_at: datetime
    impersonator: UserId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshClaims:
    """Which link of which session's chain this is, and who acts as the user in it, if one does."""

    id: RefreshTokenId
    user_id: UserId
    session_id: SessionId
    issued_at: datetime
    expires_at: datetime
    impersonator: UserId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPair:
    """What a client holds. Both are secrets: neither is ever logged or stored in clear."""

    access: str
    refresh: str
