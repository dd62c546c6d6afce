from dataclasses import dataclass

from application.jobs.authority import JobAuthority
from application.jobs.ports import JobRepository
from application.shared.ports import Clock, UnitOfWork
from domain.jobs.job import JobId


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelJob:
    """Have a job that has not ended not run any more. A running one is stopped by its worker within seconds.

    For who asked for it, and whoever manages jobs. What it has done stays done.
    """

    authority: JobAuthority
    jobs: JobRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, job_id: JobId) -> None:
        async with self.work:
            await self.authority.require(job_id)
            job = await self.jobs.get(job_id)
            await self.jobs.save(job.cancel(at=self.clock()))
