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
        self._known: dict[SiteHost | CustomHost, Destination] = {}
        self._seen = 0
        self._looked_at = float("-inf")
        self._generation = 0

    async def find(self, host: SiteHost | CustomHost) -> Destination | None:
        if self._monotonic() - self._looked_at < LONGEST_TRUST and (hit := self._known.get(host)):
            return hit
        generation = self._generation
        found = await self._source.find(host)
        if found and generation == self._generation:
            if len(self._known) >= self._size:
                del self._known[next(iter(self._known))]
            self._known[host] = found
        return found

    async def look(self) -> None:
        """Drop what has changed since the last look."""
        started = self._monotonic()
        self._seen, changed = await self._source.since(self._seen)
        if changed:
            self._forget(set(changed))
        self._looked_at = started

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

    def _forget(self, sites: set[UUID]) -> None:
        """A lookup that is under way meanwhile may have read the old state: it is not kept either."""
        self._generation += 1
        self._known = {host: found for host, found in self._known.items() if found.scope.site_id not in sites}
