import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

import structlog

from application.jobs.interruption import Interruption
from application.jobs.ports import JobDispatch
from domain.jobs.job import Queue
from entrypoints.worker.outage import Outage

_log: Final = structlog.get_logger("taruvi.jobs")


class Recovery:
    """Again and again: has jobs of lost workers wait once more, and cancels those of sites that are deleted."""

    def __init__(
        self, dispatch: JobDispatch, interruption: Interruption, clock: Callable[[], datetime], *, lease: timedelta
    ) -> None:
        self._dispatch = dispatch
        self._interruption = interruption
        self._clock = clock
        self._lease = lease.total_seconds()

    async def run(self, stop: asyncio.Event) -> None:
        outage = Outage("jobs of lost workers cannot be looked for")
        while not stop.is_set():
            try:
                await self._recover()
            except Exception as error:  # noqa: BLE001  whatever it is, the rows are there: the next look may do
                rest = self._after(error, outage)
            else:
                outage.is_over()
                rest = self._lease / 6
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await stop.wait()

    def _after(self, error: Exception, outage: Outage) -> float:
        """Who could not reach the database could not keep leases either: all get the time to do so."""
        return outage.goes_on(error) + self._lease

    async def _recover(self) -> None:
        while recovered := await self._dispatch.recover(self._interruption, at=self._clock()):
            _log.warning("jobs of lost workers wait again", jobs=recovered)
        for queue in Queue:
            while cancelled := await self._dispatch.cancel_orphans(queue, at=self._clock()):
                _log.info("jobs of deleted sites were cancelled", jobs=cancelled, queue=queue.value)
