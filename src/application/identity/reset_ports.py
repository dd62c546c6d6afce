from datetime import datetime
from typing import Protocol

from application.identity.views import Allowance
from application.shared.mail import Mail
from domain.identity.password_reset import PasswordReset
from domain.identity.user import User
from domain.shared.caller import UserId


class PasswordResetRepository(Protocol):
    """The resets of this schema's users; a token is known by its SHA-256 alone. Lock the user before."""

    async def find(self, token_hash: bytes) -> PasswordReset | None: ...

    async def count(self, user_id: UserId, *, since: datetime) -> int:
        """How many were made for the user after that."""
        ...

    async def replace(self, reset: PasswordReset) -> None:
        """Add it, and mark all that its user has as used: only the newest works."""
        ...

    async def consume(self, token_hash: bytes, *, at: datetime) -> PasswordReset | None:
        """Mark it used, atomically: of any number at once, one gets it as it was and the rest get None."""
        ...


class ResetThrottle(Protocol):
    """Counts requests for a reset, per account and per network address; apart from logins."""

    async def admit(self, login: str, address: str) -> Allowance:
        """Count one; say how many are left. Raise `ThrottledError` if there were too many."""
        ...


class ResetLetters(Protocol):
    def password_reset(self, user: User, *, host: str, token: str, expires_at: datetime) -> Mail:
        """The mail with the link to set a new password by; `host` is where the user signs in."""
        ...
