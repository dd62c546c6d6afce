from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from application.identity.purge_ports import SpentCredentials
from application.shared.jobs import Progress
from application.shared.ports import Clock, UnitOfWork
from domain.tenancy.scope import PlatformScope, Scope

_AT_ONCE: Final = 1000
MARGIN: Final = timedelta(days=1)
"""How long what has expired is kept, for clocks that go wrong."""
LEANT_ON: Final = timedelta(days=400)
"""How long a session of the platform is kept that expired and that nobody ended: sessions of sites lean on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    refresh_tokens: int = 0
    sessions: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeSessions:
    """Delete the refresh tokens and sessions of this schema that have expired.

    What ended before its time is kept until then, so that a token that is used twice is still found out. Safe to
    repeat.
    """

    spent: SpentCredentials
    scope: Scope
    progress: Progress
    work: UnitOfWork
    clock: Clock

    async def __call__(self) -> Purged:
        before = self.clock() - MARGIN
        leant_on = before - LEANT_ON if isinstance(self.scope, PlatformScope) else before

        async def tokens() -> int:
            return await self.spent.purge_refresh_tokens(expired_before=before, at_most=_AT_ONCE)

        async def sessions() -> int:
            return await self.spent.purge_sessions(
                expired_before=before, open_expired_before=leant_on, at_most=_AT_ONCE
            )

        return Purged(refresh_tokens=await self._all(tokens, "tokens"), sessions=await self._all(sessions, "sessions"))

    async def _all(self, some: Callable[[], Awaitable[int]], note: str) -> int:
        done = 0
        while True:
            async with self.work:
                removed = await some()
            done += removed
            self.progress(done, note=note)
            if removed < _AT_ONCE:
                return done


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgedResets:
    password_resets: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgePasswordResets:
    """Delete the links to set a new password of this schema that have expired. Safe to repeat."""

    spent: SpentCredentials
    progress: Progress
    work: UnitOfWork
    clock: Clock

    async def __call__(self) -> PurgedResets:
        before, done = self.clock() - MARGIN, 0
        while True:
            async with self.work:
                removed = await self.spent.purge_password_resets(expired_before=before, at_most=_AT_ONCE)
            done += removed
            self.progress(done)
            if removed < _AT_ONCE:
                return PurgedResets(password_resets=done)
