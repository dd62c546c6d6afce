from datetime import datetime
from typing import Protocol


class SpentCredentials(Protocol):
    """What of this schema's sessions, refresh tokens and password resets can never be used again.

    Each call deletes some, the oldest first, and says how many: inside a transaction. Safe to repeat, until it is 0.
    """

    async def purge_refresh_tokens(self, *, expired_before: datetime, at_most: int) -> int:
        """Their own expiry refuses them: whether they had been used before is not asked any more."""
        ...

    async def purge_sessions(self, *, expired_before: datetime, open_expired_before: datetime, at_most: int) -> int:
        """With their tokens. Those that nobody ended go by the second time."""
        ...

    async def purge_password_resets(self, *, expired_before: datetime, at_most: int) -> int: ...
