import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import asyncpg

from adapters.postgres.jobs.hearing import FAILURES
from adapters.postgres.pool import LONGEST_WAIT

_log: Final = logging.getLogger(__name__)
_EVERY: Final = 30.0
_PRECISE: Final = timedelta(seconds=1)
_WORTH_TELLING: Final = timedelta(seconds=1)


class DatabaseTime:
    """What the clock of the database says, by this process's own and how far that one is off.

    By the one clock that all share it is told when a lease has run out. Until it was first heard of, and while it
    cannot be, what is known counts.
    """

    def __init__(self, pool: asyncpg.Pool, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._clock = clock
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return self._clock() + self._ahead

    async def measure(self) -> None:
        """An answer that takes too long to tell anything is not counted."""
        try:
            async with self._pool.acquire(timeout=LONGEST_WAIT) as connection:
                before = self._clock()
                there = await connection.fetchval("select pg_catalog.clock_timestamp()")
                took = self._clock() - before
        except FAILURES as error:
            _log.debug("the time of the database is not known: %s", type(error).__name__)
            return
        if timedelta() <= took <= _PRECISE:
            ahead = there - (before + took / 2)
            if abs(ahead - self._ahead) > _WORTH_TELLING:
                _log.warning(
                    "the clock here is off by %.1f seconds: that of the database counts", ahead.total_seconds()
                )
            self._ahead = ahead

    async def follow(self) -> None:
        """For ever."""
        while True:
            await asyncio.sleep(_EVERY)
            await self.measure()
