"""From rows to the broker: one loop for each queue, woken by whoever adds a job."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final

from application.jobs.ports import DispatchLimits, JobDispatch, JobWakes, Taken
from application.jobs.transport import Transport
from domain.jobs.job import Queue
from entrypoints.worker.outage import Outage
from entrypoints.worker.recovering import Recovery

LONGEST_REST: Final = 1.0
"""Seconds after which a queue is looked at without having been woken for it."""
_SHORTEST_REST: Final = 0.02
_BREATHS: Final = 3
"""A look that takes long, for many sites wait, is followed by a rest of so many times its length."""


class QueueDispatcher:
    """Publishes what is due in one queue. Any number of processes may do so at once."""

    def __init__(
        self,
        queue: Queue,
        dispatch: JobDispatch,
        transport: Transport,
        limits: DispatchLimits,
        clock: Callable[[], datetime],
    ) -> None:
        self._queue = queue
        self._dispatch = dispatch
        self._transport = transport
        self._limits = limits
        self._clock = clock
        self._woken = asyncio.Event()
        self._rest = _SHORTEST_REST
        self._looked_for = 0.0

    def wake(self) -> None:
        self._woken.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Wake it after setting `stop`. While something is away, being woken is no reason to try sooner."""
        outage = Outage(f"jobs of the queue {self._queue} cannot be sent out")
        while not stop.is_set():
            self._woken.clear()
            try:
                taken = await self._send()
            except Exception as error:  # noqa: BLE001  whatever it is, the rows are there: the next look may do
                await _pause(stop, outage.goes_on(error))
                continue
            outage.is_over()
            await _pause(stop, max(_SHORTEST_REST, _BREATHS * self._looked_for))
            await self._until_woken(taken)

    async def _send(self) -> Taken:
        started = time.monotonic()
        taken = await self._dispatch.take(self._queue, self._limits, at=self._clock())
        self._looked_for = time.monotonic() - started
        if taken.job_ids:
            try:
                await self._transport.publish(self._queue, taken.job_ids)
            except BaseException:
                await self._dispatch.give_back(taken.job_ids)
                raise
        return taken

    async def _until_woken(self, taken: Taken) -> None:
        """Where there was something there may soon be more, that nobody wakes us for: what a full window kept back."""
        self._rest = _SHORTEST_REST if taken.job_ids else min(self._rest * 2, LONGEST_REST)
        rest = self._rest
        if taken.next_due is not None:
            rest = min(rest, max((taken.next_due - self._clock()).total_seconds(), 0))
        with suppress(TimeoutError):
            async with asyncio.timeout(rest):
                await self._woken.wait()


class Dispatcher:
    """All queues, and what was lost on the way."""

    def __init__(self, queues: Mapping[Queue, QueueDispatcher], recovery: Recovery, wakes: JobWakes) -> None:
        self._queues = queues
        self._recovery = recovery
        self._wakes = wakes

    def wake(self, queue: Queue) -> None:
        if queue in self._queues:
            self._queues[queue].wake()

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what is being published then is published."""
        async with asyncio.TaskGroup() as group:
            for one in self._queues.values():
                group.create_task(one.run(stop))
            group.create_task(self._recovery.run(stop))
            listening = group.create_task(self._wakes.listen(self.wake))
            await stop.wait()
            listening.cancel()
            for one in self._queues.values():
                one.wake()


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
