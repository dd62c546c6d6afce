from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta

from adapters.memory.database import MemoryDatabase
from adapters.memory.jobs import open_scope
from adapters.memory.stored_job import StoredJob
from application.jobs.ports import DispatchLimits, JobDispatch, Taken
from domain.jobs.job import Job, JobId, JobStatus, Queue
from domain.tenancy.site import SiteStatus

_WAITS = (JobStatus.PENDING, JobStatus.FAILED)


class MemoryJobDispatch(JobDispatch):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def take(self, queue: Queue, limits: DispatchLimits, *, at: datetime) -> Taken:
        self._expire(queue, at)
        here = [one for one in self._database.jobs.values() if one.job.queue is queue]
        underway = Counter(one.site_id for one in here if one.job.status in (JobStatus.QUEUED, JobStatus.RUNNING))
        room = limits.window - sum(one.job.status is JobStatus.QUEUED for one in here)
        waiting = sorted(
            (one for one in here if one.job.status in _WAITS), key=lambda one: (one.job.run_at, one.job.id)
        )
        turns: list[tuple[int, datetime, JobId]] = []
        for one in waiting:
            if one.job.run_at > at or open_scope(self._database, one.site_id) is None:
                continue
            underway[one.site_id] += 1
            if underway[one.site_id] <= limits.per_site:
                turns.append((underway[one.site_id], one.job.run_at, one.job.id))
        taken = [job_id for _, _, job_id in sorted(turns)[: max(room, 0)]]
        for job_id in taken:
            self._queue(job_id, limits, at)
        due = [one.job.run_at for one in waiting if one.job.run_at > at]
        return Taken(job_ids=taken, next_due=min(due, default=None))

    async def give_back(self, job_ids: Collection[JobId]) -> None:
        for job_id in job_ids:
            stored = self._database.jobs[job_id]
            if stored.job.status is JobStatus.QUEUED:
                self._database.jobs[job_id] = replace(_waiting(stored), deliveries=stored.deliveries - 1)

    async def recover(self, interrupted: Callable[[Job], Job], *, at: datetime) -> int:
        lost = [one for one in self._database.jobs.values() if _ran_out(one, JobStatus.RUNNING, at)]
        for one in lost:
            ended = replace(one, job=interrupted(one.job), lease=None, lease_until=None, deliveries=0)
            self._database.jobs[one.job.id] = ended
        return len(lost)

    async def cancel_orphans(self, queue: Queue, *, at: datetime) -> int:
        orphans = [
            one
            for one in self._database.jobs.values()
            if one.job.queue is queue and one.job.status in _WAITS and self._is_orphan(one)
        ]
        for one in orphans:
            self._database.jobs[one.job.id] = replace(one, job=one.job.cancel(at=at))
        return len(orphans)

    def _is_orphan(self, stored: StoredJob) -> bool:
        return stored.site_id is not None and self._database.sites[stored.site_id].status is SiteStatus.DELETED

    def _expire(self, queue: Queue, at: datetime) -> None:
        for one in list(self._database.jobs.values()):
            if one.job.queue is queue and _ran_out(one, JobStatus.QUEUED, at):
                self._database.jobs[one.job.id] = _waiting(one)

    def _queue(self, job_id: JobId, limits: DispatchLimits, at: datetime) -> None:
        stored = self._database.jobs[job_id]
        patience: timedelta = min(limits.patience * 2 ** min(stored.deliveries, 20), limits.longest)
        self._database.jobs[job_id] = replace(
            stored,
            job=replace(stored.job, status=JobStatus.QUEUED),
            lease_until=at + patience,
            deliveries=stored.deliveries + 1,
        )


def _waiting(stored: StoredJob) -> StoredJob:
    return replace(stored, job=replace(stored.job, status=JobStatus.PENDING), lease_until=None)


def _ran_out(stored: StoredJob, status: JobStatus, at: datetime) -> bool:
    return stored.job.status is status and stored.lease_until is not None and stored.lease_until <= at
