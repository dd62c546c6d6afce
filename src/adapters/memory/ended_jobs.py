from collections.abc import Collection
from datetime import datetime

from adapters.memory.database import MemoryDatabase
from application.jobs.ports import EndedJobs
from domain.jobs.job import JobStatus


class MemoryEndedJobs(EndedJobs):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def purge(self, statuses: Collection[JobStatus], *, finished_before: datetime, at_most: int) -> int:
        ended = (one.job for one in self._database.jobs.values() if one.job.status in statuses)
        old = [(job.finished_at, job.id) for job in ended if job.finished_at and job.finished_at < finished_before]
        for _, job_id in sorted(old)[:at_most]:
            del self._database.jobs[job_id]
        return min(len(old), at_most)
