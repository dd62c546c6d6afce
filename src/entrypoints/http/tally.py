"""How many requests each site had: counted in memory, written down every few seconds."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date
from typing import Final

import structlog

from adapters.postgres.pool import FAILURES
from application.shared.ports import Clock
from application.tenancy.usage_ports import RequestCounts
from domain.tenancy.site import SiteId

_log: Final = structlog.get_logger("taruvi.http")
_SECONDS: Final = 5.0


class RequestTally:
    """What has not been written down is lost with a process that is killed: that of the last seconds."""

    def __init__(self, clock: Clock, counts: Callable[[], Awaitable[RequestCounts]]) -> None:
        self._clock = clock
        self._written_to = counts
        self._counts: Counter[tuple[SiteId, date]] = Counter()

    def count(self, site_id: SiteId) -> None:
        self._counts[site_id, self._clock().date()] += 1

    async def follow(self) -> None:
        """Until it is cancelled, and once more then."""
        try:
            while True:
                await asyncio.sleep(_SECONDS)
                await self.flush()
        finally:
            await self.flush()

    async def flush(self) -> None:
        """What cannot be written now is kept for the next time."""
        taken, self._counts = self._counts, Counter()
        try:
            if taken:
                await (await self._written_to()).add(taken)
        except FAILURES as error:
            self._counts.update(taken)
            _log.warning("requests are counted, but cannot be written down now", reason=repr(error))


async def ended(task: asyncio.Task[None]) -> None:
    """It was told to end, and has."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
