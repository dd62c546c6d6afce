"""Keeping the jobs that run here ours."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from application.jobs.ports import JobLeases, RunningJob
from domain.jobs.job import LeaseId, Progress
from entrypoints.worker.execution import ProgressBoard
from entrypoints.worker.outage import Outage

_PROGRESS_SECONDS: Final = 0.5
_BEATS: Final = 3
"""In the time of a lease: one may be late, and the next one too."""


@dataclass(eq=False, slots=True)
class HeldJob:
    """A job that runs here, in `task`. One that `is_ending` is being written down: nothing stops it any more."""

    board: ProgressBoard
    task: "asyncio.Task[Any]"
    told: Progress | None = None
    is_ending: bool = False
    is_lost: bool = False

    def lose(self) -> None:
        if not self.is_ending and not self.is_lost:
            self.is_lost = True
            self.task.cancel()


class Heartbeat:
    """Extends the leases of what runs here, stops what is not ours any more, and writes down how far the rest is."""

    def __init__(self, leases: JobLeases, clock: Callable[[], datetime], *, lease: timedelta) -> None:
        self._leases = leases
        self._clock = clock
        self._lease = lease
        self._held: dict[LeaseId, HeldJob] = {}

    def until(self) -> datetime:
        """When a lease runs out that begins now."""
        return self._clock() + self._lease

    @contextmanager
    def holding(self, running: RunningJob, board: ProgressBoard) -> Iterator[HeldJob]:
        """The job runs in the current task."""
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a job runs in a task")
        held = self._held[running.lease] = HeldJob(board, task)
        try:
            yield held
        finally:
            del self._held[running.lease]

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._repeat(self._extend, self._lease.total_seconds() / _BEATS, "leases"))
            group.create_task(self._repeat(self._report, _PROGRESS_SECONDS, "progress of jobs"))

    async def _repeat(self, step: Callable[[], Any], seconds: float, what: str) -> None:
        outage = Outage(f"{what} cannot be written down")
        while True:
            rest = seconds
            try:
                await step()
            except Exception as error:  # noqa: BLE001  whatever it is, the jobs run on: the next beat may do
                rest = min(outage.goes_on(error), seconds)
            else:
                outage.is_over()
            await asyncio.sleep(rest)

    async def _extend(self) -> None:
        if not (held := dict(self._held)):
            return
        ours = await self._leases.extend(held.keys(), until=self.until())
        for lease in held.keys() - ours:
            held[lease].lose()

    async def _report(self) -> None:
        """What could not be told now is told at the next beat."""
        news = {
            lease: one.board.latest
            for lease, one in self._held.items()
            if one.board.latest is not None and one.board.latest is not one.told
        }
        if not news:
            return
        for lease in await self._leases.report(news):
            if lease in self._held:
                self._held[lease].told = news[lease]
