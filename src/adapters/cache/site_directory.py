import asyncio
import logging
from collections.abc import Callable
from typing import Final
from uuid import UUID

from application.tenancy.ports import FollowedSiteDirectory, SiteDirectory
from application.tenancy.views import Destination
from domain.tenancy.routing import CustomHost, SiteHost

_log: Final = logging.getLogger(__name__)

INTERVAL: Final = 1.0
"""Seconds between two looks for changes: one small query a process, however many sites there are."""
LONGEST_TRUST: Final = 4.0
"""Seconds after which nothing cached counts any more, unless a look for changes has succeeded."""

LONGEST_LIFE: Final = 60.0
"""Seconds after which an entry is asked for anew, whatever was told: a net below all else."""


class CachedSiteDirectory(SiteDirectory):
    """Answers from memory, at most `LONGEST_TRUST` seconds behind the database; a miss is not kept.

    `follow` must run beside it. While it cannot look for changes, every request asks the database.
    """

    def __init__(
        self,
        source: FollowedSiteDirectory,
        monotonic: Callable[[], float],
        *,
        size: int = 50_000,
    ) -> None:
        self._source = source
        self._monotonic = monotonic
        self._size = size
        self._known: dict[SiteHost | CustomHost, tuple[float, Destination]] = {}
        self._seen = 0
        self._looked_at = float("-inf")
        self._generation = 0

    async def find(self, host: SiteHost | CustomHost) -> Destination | None:
        now = self._monotonic()
        if now - self._looked_at < LONGEST_TRUST and (hit := self._known.get(host)) and now < hit[0]:
            return hit[1]
        generation = self._generation
        found = await self._source.find(host)
        if found and generation == self._generation:
            self._known.pop(host, None)
            if len(self._known) >= self._size:
                del self._known[next(iter(self._known))]
            self._known[host] = (now + LONGEST_LIFE, found)
        return found

    async def look(self) -> None:
        """Drop what has changed since the last look.

        All of it, where the store seems to be another one than before: it was away, or counts from lower on.
        """
        started = self._monotonic()
        seen, changed = await self._source.since(self._seen)
        if seen < self._seen or started - self._looked_at > LONGEST_TRUST:
            self._forget(None)
        elif changed:
            self._forget(set(changed))
        self._seen, self._looked_at = seen, started

    async def catch_up(self) -> None:
        """After a change of our own: look at once. If that fails, trust nothing here, for the change was made."""
        try:
            await self.look()
        except self._source.failures as error:
            _log.warning("site changes cannot be followed", exc_info=error)
            self._forget(None)

    async def follow(self, interval: float = INTERVAL) -> None:
        """Look for changes for ever. A failing look is told once, and again when it works again."""
        failing = False
        while True:
            try:
                await self.look()
            except self._source.failures as error:
                if not failing:
                    _log.warning("site changes cannot be followed", exc_info=error)
                failing = True
            else:
                if failing:
                    _log.warning("site changes are followed again")
                failing = False
            await asyncio.sleep(interval)

    def _forget(self, sites: set[UUID] | None) -> None:
        """These, or all. A lookup that is under way meanwhile may have read the old state: it is not kept either."""
        self._generation += 1
        left = self._known.items() if sites is not None else ()
        self._known = {host: known for host, known in left if known[1].scope.site_id not in (sites or ())}
