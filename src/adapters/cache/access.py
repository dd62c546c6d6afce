from collections.abc import Callable
from typing import Final

from application.identity.ports import AccessReader
from application.identity.views import Access
from domain.shared.caller import SessionId, UserId
from domain.tenancy.scope import Scope

SECONDS: Final = 2.0
"""How long a process may go on believing that a user is active and a session alive."""


class AccessCache:
    """What this process knows of users' access, for a short time, the scope first in every key."""

    def __init__(self, monotonic: Callable[[], float], *, seconds: float = SECONDS, size: int = 50_000) -> None:
        self._monotonic = monotonic
        self._seconds = seconds
        self._size = size
        self._known: dict[tuple[str, UserId, SessionId], tuple[float, Access]] = {}

    def find(self, key: tuple[str, UserId, SessionId]) -> Access | None:
        until, access = self._known.get(key, (0.0, None))
        return access if self._monotonic() < until else None

    def keep(self, key: tuple[str, UserId, SessionId], access: Access, *, since: float) -> None:
        self._known.pop(key, None)
        if len(self._known) >= self._size:
            del self._known[next(iter(self._known))]
        self._known[key] = (since + self._seconds, access)

    def now(self) -> float:
        return self._monotonic()


class CachedAccessReader(AccessReader):
    def __init__(self, source: AccessReader, cache: AccessCache, scope: Scope) -> None:
        self._source = source
        self._cache = cache
        self._scope = scope

    async def find(self, user_id: UserId, session_id: SessionId) -> Access | None:
        key = (self._scope.audience, user_id, session_id)
        if known := self._cache.find(key):
            return known
        started = self._cache.now()
        access = await self._source.find(user_id, session_id)
        if access:
            self._cache.keep(key, access, since=started)
        return access
