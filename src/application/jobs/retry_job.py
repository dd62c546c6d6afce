from dataclasses import dataclass

from application.jobs.authority import JobAuthority
from application.jobs.ports import JobRepository
from application.shared.ports import Clock, UnitOfWork
from domain.jobs.job import JobId


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryJob:
    """Have a job that failed, is dead or was cancelled run again at once, with all its attempts.

    For whoever manages jobs; and for who asked for it, where it acts with the permissions that they have when it runs.
    Refused while another waits that must be the only one of its kind.
    """

    authority: JobAuthority
    jobs: JobRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, job_id: JobId) -> None:
        async with self.work:
            await self.authority.require_retry(job_id)
            job = await self.jobs.get(job_id)
            await self.jobs.save(job.retry(at=self.clock()))
