from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NewType
from uuid import UUID

from domain.identity.user import User
from domain.shared.caller import UserId
from domain.shared.errors import InvalidError

PasswordResetId = NewType("PasswordResetId", UUID)

LIFETIME: Final = timedelta(hours=1)
MOST: Final = 5
"""So many within `LIFETIME` for one user: more would only fill somebody's mailbox, and the last one works."""


class ResetTokenError(InvalidError):
    """Never given out, used, replaced by a newer one, too old, or of another site: nobody learns which."""

    def __init__(self) -> None:
        super().__init__({"token": ["is not valid, or not any more: ask for another mail"]})


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordReset:
    """Lets whoever reads a user's mail set a new password, once. `token_hash` is the SHA-256 of what is in the mail.

    `used_at` is when it was used, or replaced by a newer one.
    """

    id: PasswordResetId
    user_id: UserId
    token_hash: bytes = field(repr=False)
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None

    def require_open_for(self, user: User, *, at: datetime) -> None:
        """Raise `ResetTokenError` unless it can be used, by that user as they were when they asked.

        Whatever was changed about the user meanwhile ends it: their address may not be theirs any more.
        """
        is_open = self.used_at is None and at < self.expires_at
        if not (is_open and user.can_reset_password and user.updated_at <= self.created_at):
            raise ResetTokenError
