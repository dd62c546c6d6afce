from dataclasses import dataclass

from application.jobs.kinds import JobKinds
from application.jobs.reader import JobReader
from application.jobs.views import JobView, JobViewer
from domain.jobs.job import JobId
from domain.shared.caller import Caller, NotPermittedError, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class JobAuthority:
    """Which jobs the caller may know of and manage: what they asked for themselves, and all with a permission."""

    caller: Caller
    reader: JobReader
    kinds: JobKinds

    @property
    def viewer(self) -> JobViewer:
        sees_all = self.caller.may(Permission.JOBS_VIEW) or self.caller.may(Permission.JOBS_MANAGE)
        return JobViewer(None if sees_all else self.caller.require_user())

    async def require_retry(self, job_id: JobId) -> None:
        """What acts with permissions of its own was asked for by who may have lost theirs since: they ask anew."""
        job = await self.require(job_id)
        if not self.kinds.act_as_asker(job.name):
            self.caller.require(Permission.JOBS_MANAGE)

    async def require(self, job_id: JobId) -> JobView:
        """To manage it. Raise `JobNotFoundError` for what is not in sight, `NotPermittedError` for what only is."""
        job = await self.reader.get(job_id, self.viewer)
        if not self.caller.may(Permission.JOBS_MANAGE) and job.asked_by.id != self.caller.require_user():
            raise NotPermittedError(f"this needs the permission {Permission.JOBS_MANAGE}")
        return job
