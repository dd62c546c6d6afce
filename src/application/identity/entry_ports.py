"""What entering a site takes besides the ports in `ports.py`."""

from datetime import datetime
from typing import Protocol

from application.identity.ports import AccessReader
from domain.identity.entry import Visitor
from domain.identity.user import User
from domain.shared.caller import Caller, SessionId, UserId


class PlatformTokens(Protocol):
    async def __call__(self, *, token: str) -> Caller:
        """Whose access token of the platform this is. Raise `InvalidTokenError` where the platform would."""
        ...


class PlatformAccessReader(AccessReader, Protocol):
    """What access tokens of the platform are checked against, at this moment."""


class SiteEntries(Protocol):
    """The users of the platform at the door of the site in whose name this runs. The platform has no door."""

    async def find(self, user_id: UserId) -> Visitor | None:
        """As things stand now. None if the platform has no such user."""
        ...

    async def lock(self, user_id: UserId) -> Visitor | None:
        """As `find`; a membership stays as it is until the transaction ends."""
        ...

    async def is_open(self, session_id: SessionId) -> bool:
        """Whether that session of the platform is there and has not been ended."""
        ...

    async def touch(self, user_id: UserId, *, at: datetime) -> None:
        """The member was active, to the minute: one that was lately stays as it is."""
        ...


class LinkedUserRepository(Protocol):
    """The users of the site who are users of the platform."""

    async def find(self, linked_user_id: UserId) -> User | None:
        """Lock it until the transaction ends, if there is one."""
        ...

    async def add(self, user: User) -> bool:
        """Whether it could be: False if somebody has its name, its address or its user of the platform."""
        ...
