"""One delivery, from the claim to how the job ended."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog

from application.jobs.ports import JobLeases, RunningJob
from application.jobs.transport import Delivery
from application.shared.jobs import LeaseLostError
from domain.jobs.job import Job, JobId, JobStatus, LeaseId, Queue
from domain.tenancy.scope import SiteScope
from entrypoints.database_lost import DATABASE_LOST
from entrypoints.worker.execution import Execution, ProgressBoard
from entrypoints.worker.leasing import Heartbeat, HeldJob
from entrypoints.worker.outage import Outage

_log: Final = structlog.get_logger("taruvi.jobs")
_WRITING: Final = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Cancelled, it hands the job back, uncounted; unless it is not ours any more: then nothing is written down.

    `worker` is for people to read; `ended` is told the queue of each job that made room.
    """

    leases: JobLeases
    execution: Execution
    heartbeat: Heartbeat
    clock: Callable[[], datetime]
    new_id: Callable[[], UUID]
    worker: str
    ended: Callable[[Queue], None]
    claiming: Outage = field(default_factory=lambda: Outage("jobs cannot be claimed"))
    writing: Outage = field(default_factory=lambda: Outage("the ends of jobs cannot be written down"))

    async def __call__(self, delivery: Delivery) -> None:
        try:
            running = await self._claim(delivery.job_id)
        except Exception:
            await delivery.ack()  # kept it would take a slot for ever; the row is sent out again
            raise
        if running is None:
            await delivery.ack()
            _log.debug("nothing to do for a delivery", job_id=str(delivery.job_id))
            return
        structlog.contextvars.bind_contextvars(**_told(running))
        try:
            await self._run(running, delivery)
        finally:
            self.ended(running.job.queue)

    async def _claim(self, job_id: JobId) -> RunningJob | None:
        """Wait for a database that is away: the message stays ours for so long, and the slot taken."""
        lease = LeaseId(self.new_id())
        while True:
            try:
                claimed = await self.leases.claim(
                    job_id, lease, worker=self.worker, at=self.clock(), until=self.heartbeat.until()
                )
            except DATABASE_LOST as error:
                await asyncio.sleep(self.claiming.goes_on(error))
            else:
                self.claiming.is_over()
                return claimed

    async def _run(self, running: RunningJob, delivery: Delivery) -> None:
        board, started = ProgressBoard(), time.monotonic()
        with self.heartbeat.holding(running, board) as held:
            ended = await self._executed(running, board, held, delivery)
            held.is_ending = True
            is_ours = ended is not None and await _insist(self._write(ended, running.lease))
        seconds = round(time.monotonic() - started, 3)
        if ended is None or not is_ours:
            _log.warning("job is not ours any more: it was cancelled, or is run again", seconds=seconds)
        else:
            level = _log.warning if ended.status is JobStatus.DEAD else _log.info
            level(f"job {_OUTCOMES[ended.status]}", seconds=seconds, attempt=running.job.attempts)

    async def _executed(
        self, running: RunningJob, board: ProgressBoard, held: HeldJob, delivery: Delivery
    ) -> Job | None:
        """How it ended; None where that is not ours to say."""
        try:
            await delivery.ack()
            return await self.execution(running, board)
        except LeaseLostError:
            return None
        except asyncio.CancelledError:
            return None if held.is_lost else running.job.hand_back(at=self.clock())

    async def _write(self, job: Job, lease: LeaseId) -> bool:
        """Wait for a database that is away: nobody else can claim the job for so long."""
        while True:
            try:
                is_ours = await self.leases.finish(job, lease)
            except DATABASE_LOST as error:
                await asyncio.sleep(self.writing.goes_on(error))
            else:
                self.writing.is_over()
                return is_ours


async def _insist(writing: Coroutine[Any, Any, bool]) -> bool:
    """Cancelled, it is still given the time that a statement takes: what is done is not done again for want of that."""
    task = asyncio.ensure_future(writing)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=_WRITING)
        if not task.done():
            task.cancel()
            raise
        return task.result()


_OUTCOMES: Final = {
    JobStatus.SUCCEEDED: "succeeded",
    JobStatus.FAILED: "failed, to be tried again",
    JobStatus.DEAD: "failed for good",
    JobStatus.PENDING: "handed back",
}


def _told(running: RunningJob) -> dict[str, str]:
    job, scope = running.job, running.scope
    site = scope.slug if isinstance(scope, SiteScope) else "platform"
    return {"job_id": str(job.id), "job": job.name, "site": site, "request_id": job.asker.request_id}
