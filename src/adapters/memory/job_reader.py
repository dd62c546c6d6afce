from operator import attrgetter

from adapters.memory.database import MemoryDatabase
from adapters.memory.paging import page_of
from adapters.memory.stored_job import StoredJob
from application.jobs.reader import JobReader
from application.jobs.views import JobAskerView, JobProgressView, JobQuery, JobView, JobViewer
from application.shared.page import Page
from domain.jobs.job import JobId, JobNotFoundError
from domain.tenancy.scope import Scope, SiteScope
from domain.tenancy.site import SiteId


class MemoryJobReader(JobReader):
    def __init__(self, database: MemoryDatabase, scope: Scope) -> None:
        self._database = database
        self._site_id = scope.site_id if isinstance(scope, SiteScope) else None

    async def page(self, query: JobQuery, viewer: JobViewer) -> Page[JobView]:
        seen = [self._view(stored) for stored in self._database.jobs.values() if self._shows(stored, viewer)]
        found = [job for job in seen if _matches(job, query)]
        key = query.ordering.value.removeprefix("-")
        found.sort(key=attrgetter(key, "id"), reverse=query.ordering.value.startswith("-"))
        return page_of(found, query.page)

    async def get(self, job_id: JobId, viewer: JobViewer) -> JobView:
        stored = self._database.jobs.get(job_id)
        if stored is None or not self._shows(stored, viewer):
            raise JobNotFoundError(f"there is no job {job_id}")
        return self._view(stored)

    def _shows(self, stored: StoredJob, viewer: JobViewer) -> bool:
        if viewer.user_id is None:
            return self._site_id in (None, stored.site_id)
        return stored.site_id == self._site_id and stored.job.asker.user_id == viewer.user_id

    def _view(self, stored: StoredJob) -> JobView:
        job = stored.job
        return JobView(
            id=job.id,
            name=job.name,
            queue=job.queue,
            site=self._slug(stored.site_id),
            status=job.status,
            attempts=job.attempts,
            progress=JobProgressView.of(job.progress),
            run_at=job.run_at,
            created_at=job.created_at,
            started_at=job.started_at,
            finished_at=job.finished_at,
            error=job.error,
            result=job.result,
            asked_by=JobAskerView(job.asker.user_id, job.asker.label),
        )

    def _slug(self, site_id: SiteId | None) -> str | None:
        return None if site_id is None else self._database.sites[site_id].slug.value


def _matches(job: JobView, query: JobQuery) -> bool:
    texts = (job.name.casefold(), (job.error or "").casefold())
    return (
        (query.search is None or any(query.search.casefold() in text for text in texts))
        and query.status in (None, job.status)
        and query.queue in (None, job.queue)
        and query.name in (None, job.name)
        and query.site in (None, job.site)
        and (query.created.start is None or query.created.start <= job.created_at)
        and (query.created.end is None or job.created_at <= query.created.end)
    )
