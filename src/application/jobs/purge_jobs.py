from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from application.jobs.ports import EndedJobs
from application.shared.jobs import Progress
from application.shared.ports import Clock
from domain.jobs.job import JobStatus

_AT_ONCE: Final = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRetention:
    """How long jobs are kept after their end: those that are done, or that nobody wants, and those that are dead."""

    done: timedelta
    dead: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgedJobs:
    done: int = 0
    dead: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeJobs:
    """Delete the jobs that ended long ago, of the platform and of all sites. Safe to repeat."""

    ended: EndedJobs
    retention: JobRetention
    progress: Progress
    clock: Clock

    async def __call__(self) -> PurgedJobs:
        return PurgedJobs(
            done=await self._all(frozenset({JobStatus.SUCCEEDED, JobStatus.CANCELLED}), self.retention.done),
            dead=await self._all(frozenset({JobStatus.DEAD}), self.retention.dead),
        )

    async def _all(self, statuses: frozenset[JobStatus], age: timedelta) -> int:
        done, before = 0, self.clock() - age
        while removed := await self.ended.purge(statuses, finished_before=before, at_most=_AT_ONCE):
            done += removed
            self.progress(done)
        return done
