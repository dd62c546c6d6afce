from functools import lru_cache
from typing import Any, Final

import msgspec
from sqlalchemy import bindparam, or_, select

from adapters.postgres.jobs.repository import site_of
from adapters.postgres.jobs.rows import JobRow
from adapters.postgres.paging import PageSql, containing
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tenancy.rows import SiteRow
from application.jobs.reader import JobReader
from application.jobs.views import JobAskerView, JobOrder, JobProgressView, JobQuery, JobView, JobViewer
from application.shared.page import Page
from domain.jobs.job import JobId, JobNotFoundError, JobStatus, Progress, Queue

_SLUG: Final = select(SiteRow.slug).where(SiteRow.id == JobRow.site_id).scalar_subquery()
_COLUMNS: Final = (
    JobRow.id,
    JobRow.name,
    JobRow.queue,
    _SLUG.label("site"),
    JobRow.status,
    JobRow.attempts,
    JobRow.progress,
    JobRow.run_at,
    JobRow.created_at,
    JobRow.started_at,
    JobRow.finished_at,
    JobRow.error,
    JobRow.result,
    JobRow.asked_by,
    JobRow.asker["label"].astext,
)
_FILTERS: Final = {
    "of_site": JobRow.site_id == bindparam("of_site"),
    "of_platform": JobRow.site_id.is_(None),
    "viewer": JobRow.asked_by == bindparam("viewer"),
    "key": JobRow.id == bindparam("key"),
    "status": JobRow.status == bindparam("status"),
    "queue": JobRow.queue == bindparam("queue"),
    "name": JobRow.name == bindparam("name"),
    "site": JobRow.site_id.in_(select(SiteRow.id).where(SiteRow.slug == bindparam("site"))),
    "created_from": JobRow.created_at >= bindparam("created_from"),
    "created_until": JobRow.created_at <= bindparam("created_until"),
    "search": or_(JobRow.name.ilike(bindparam("search")), JobRow.error.ilike(bindparam("search"))),
}


class PostgresJobReader(JobReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def page(self, query: JobQuery, viewer: JobViewer) -> Page[JobView]:
        values = self._sight(viewer) | _values(query)
        return await _page(tuple(values), query.ordering).fetch(self._session, query.page, _to_view, **values)

    async def get(self, job_id: JobId, viewer: JobViewer) -> JobView:
        values = self._sight(viewer) | {"key": job_id}
        record = await self._session.fetchrow(_one(tuple(values)), **values)
        if record is None:
            raise JobNotFoundError(f"there is no job {job_id}")
        return _to_view(tuple(record))

    def _sight(self, viewer: JobViewer) -> dict[str, Any]:
        """By the names of filters. A user of the platform is nobody in a site, even where the ids are equal."""
        site = site_of(self._session.scope)
        if viewer.user_id is None:
            return {"of_site": site} if site else {}
        return ({"of_site": site} if site else {"of_platform": True}) | {"viewer": viewer.user_id}


@lru_cache(maxsize=256)
def _page(filters: tuple[str, ...], ordering: JobOrder) -> PageSql:
    keys = (getattr(JobRow, ordering.value.removeprefix("-")), JobRow.id)
    down = ordering.value.startswith("-")
    matching = [_FILTERS[name] for name in filters]
    return PageSql(_COLUMNS, matching, [key.desc() if down else key.asc() for key in keys])


@lru_cache
def _one(filters: tuple[str, ...]) -> Sql:
    return Sql(select(*_COLUMNS).where(*(_FILTERS[name] for name in filters)))


def _values(query: JobQuery) -> dict[str, Any]:
    given = {
        "status": query.status,
        "queue": query.queue,
        "name": query.name,
        "site": query.site,
        "created_from": query.created.start,
        "created_until": query.created.end,
        "search": containing(query.search) if query.search else None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _to_view(columns: tuple[Any, ...]) -> JobView:
    key, name, queue, site, status, attempts, progress, *rest, result, asked_by, label = columns
    run_at, created_at, started_at, finished_at, error = rest
    return JobView(
        id=key,
        name=name,
        queue=Queue(queue),
        site=site,
        status=JobStatus(status),
        attempts=attempts,
        progress=JobProgressView.of(msgspec.json.decode(progress, type=Progress)),
        run_at=run_at,
        created_at=created_at,
        started_at=started_at,
        finished_at=finished_at,
        error=error,
        result=msgspec.json.decode(result) if result else None,
        asked_by=JobAskerView(asked_by, label),
    )
