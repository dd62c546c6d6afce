"""From the broker to what runs."""

import asyncio
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any, Final

import structlog

from application.jobs.transport import Delivery, Transport
from domain.jobs.job import Queue
from entrypoints.worker.attempt import Attempt
from entrypoints.worker.leasing import Heartbeat
from entrypoints.worker.outage import Outage

_log: Final = structlog.get_logger("taruvi.jobs")
_FULL_SECONDS: Final = 1.0
"""After so long without a free slot, what the broker has sent ahead goes to other workers."""
_HANDING_BACK: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLimits:
    """`concurrency` jobs run at once; at the end they have `grace` seconds to finish."""

    queues: Collection[Queue]
    concurrency: int
    grace: float


class Worker:
    """Runs what comes in, while it has a free slot for it."""

    def __init__(self, transport: Transport, attempt: Attempt, heartbeat: Heartbeat, limits: WorkerLimits) -> None:
        self._transport = transport
        self._attempt = attempt
        self._heartbeat = heartbeat
        self._limits = limits
        self._running: set[asyncio.Task[None]] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`: then it takes nothing more, lets what runs finish in time, and hands back the rest."""
        beating, stopped = asyncio.create_task(self._heartbeat.run()), asyncio.create_task(stop.wait())
        outage = Outage("deliveries cannot be taken")
        try:
            while await self._has_slot(stopped):
                try:
                    await self._consume(stopped, outage)
                except Exception as error:  # noqa: BLE001  whatever it is, what was not acknowledged comes again
                    await asyncio.wait({stopped}, timeout=outage.goes_on(error))
            await self._finish(self._limits.grace)
        finally:
            stopped.cancel()
            await self._hand_back()
            beating.cancel()

    async def _consume(self, stopped: "asyncio.Task[Any]", outage: Outage) -> None:
        """Return when this stops, or has had no free slot for a while."""
        coming = self._transport.deliveries(self._limits.queues, prefetch=self._limits.concurrency)
        async with aclosing(coming) as deliveries:
            while await self._has_slot(stopped, within=_FULL_SECONDS):
                delivery = await _next(deliveries, stopped)
                if delivery is None:
                    return
                outage.is_over()
                task = asyncio.create_task(self._attempt(delivery))
                self._running.add(task)
                task.add_done_callback(self._ended)

    async def _has_slot(self, stopped: "asyncio.Task[Any]", within: float | None = None) -> bool:
        """Wait for one; False where this stops first, or after so many seconds."""
        while len(self._running) >= self._limits.concurrency and not stopped.done():
            waited = {*self._running, stopped}
            done, _ = await asyncio.wait(waited, timeout=within, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                return False
        return not stopped.done()

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("a delivery could not be worked on: it comes again", exc_info=error)

    async def _finish(self, seconds: float) -> None:
        if self._running:
            _log.info("waiting for jobs to finish", jobs=len(self._running), at_most_seconds=seconds)
            await asyncio.wait(self._running, timeout=seconds)

    async def _hand_back(self) -> None:
        if self._running:
            _log.info("handing jobs back", jobs=len(self._running))
            for task in self._running:
                task.cancel()
            _, left = await asyncio.wait(self._running, timeout=_HANDING_BACK)
            if left:
                _log.warning("jobs did not stop: they run again when their leases run out", jobs=len(left))


async def _next(deliveries: AsyncGenerator[Delivery], stopped: "asyncio.Task[Any]") -> Delivery | None:
    """None where this stops first: a delivery that comes at that moment is not acknowledged, and goes to another."""
    coming = asyncio.ensure_future(anext(deliveries))
    try:
        await asyncio.wait({coming, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        if not coming.done():
            coming.cancel()
            with suppress(asyncio.CancelledError):
                await coming
    return coming.result() if not coming.cancelled() and not stopped.done() else None
