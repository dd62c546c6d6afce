from typing import Protocol

from application.jobs.views import JobQuery, JobView, JobViewer
from application.shared.page import Page
from domain.jobs.job import JobId


class JobReader(Protocol):
    """The jobs of the scope in whose name this runs: the platform sees those of all sites too, a site its own.

    A viewer who is one user sees of them those that they asked for in that very schema.
    """

    async def page(self, query: JobQuery, viewer: JobViewer) -> Page[JobView]: ...

    async def get(self, job_id: JobId, viewer: JobViewer) -> JobView:
        """Raise `JobNotFoundError`, also for one that is not in sight."""
        ...
