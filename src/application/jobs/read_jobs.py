from dataclasses import dataclass

from application.jobs.authority import JobAuthority
from application.jobs.reader import JobReader
from application.jobs.views import JobQuery, JobView
from application.shared.page import Page
from domain.jobs.job import JobId


@dataclass(frozen=True, slots=True, kw_only=True)
class ListJobs:
    """The jobs that the caller asked for; with a permission all in this scope, on the platform those of sites too."""

    authority: JobAuthority
    reader: JobReader

    async def __call__(self, query: JobQuery) -> Page[JobView]:
        return await self.reader.page(query, self.authority.viewer)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowJob:
    """One job that the caller may know of."""

    authority: JobAuthority
    reader: JobReader

    async def __call__(self, *, job_id: JobId) -> JobView:
        return await self.reader.get(job_id, self.authority.viewer)
