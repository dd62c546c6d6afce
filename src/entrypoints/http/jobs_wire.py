"""How jobs are asked for; going out they look as they are read (`JobView`)."""

from typing import Annotated

from msgspec import Meta

from application.jobs.views import JobOrder, JobQuery
from application.shared.page import Period
from domain.jobs.job import JobStatus, Queue
from entrypoints.http.lists import PageQuery
from entrypoints.http.projects_wire import Time
from entrypoints.http.wire import NO_NUL, in_utc

Name = Annotated[str, Meta(max_length=100, pattern=NO_NUL, description="The whole name, like `send_mail`.")]
Site = Annotated[str, Meta(max_length=63, pattern=NO_NUL, description="A slug.")]
Search = Annotated[str, Meta(max_length=200, pattern=NO_NUL, description="In name and error.")]


class JobListQuery(PageQuery, frozen=True):
    search: Search | None = None
    status: JobStatus | None = None
    queue: Queue | None = None
    name: Name | None = None
    site: Site | None = None
    created_at__gte: Time | None = None
    created_at__lte: Time | None = None
    ordering: JobOrder = JobOrder.CREATED_AT_DOWN

    def as_query(self) -> JobQuery:
        return JobQuery(
            page=self.slice,
            search=self.search or None,
            status=self.status,
            queue=self.queue,
            name=self.name,
            site=self.site,
            created=Period(
                start=in_utc("created_at__gte", self.created_at__gte),
                end=in_utc("created_at__lte", self.created_at__lte),
            ),
            ordering=self.ordering,
        )
