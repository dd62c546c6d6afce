from dataclasses import dataclass

from application.jobs.authority import JobAuthority
from application.jobs.kinds import JobKinds
from application.jobs.ports import JobRepository
from application.shared.ports import Clock, UnitOfWork
from domain.jobs.job import JobId
from domain.shared.caller import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryJob:
    """Have a job that failed, is dead or was cancelled run again at once, with all its attempts.

    For whoever manages jobs, and for who asked for it where it acts as them. Any other acts for the platform: what its
    asker might have done then, nobody would ask once more. Refused while another waits that must be the only one of
    its kind.
    """

    authority: JobAuthority
    kinds: JobKinds
    jobs: JobRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, job_id: JobId) -> None:
        async with self.work:
            await self.authority.require(job_id)
            job = await self.jobs.get(job_id)
            if not self.kinds.act_as_asker(job.name):
                self.authority.caller.require(Permission.JOBS_MANAGE)
            await self.jobs.save(job.retry(at=self.clock()))
