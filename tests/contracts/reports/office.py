"""A site that reports are made of, on any store."""

import csv
import io
from dataclasses import dataclass
from datetime import date

import pytest

from application.reports.request_report import RequestReport
from application.reports.views import ReportFormat
from domain.identity.user import User
from domain.jobs.job import JobId, JobStatus
from domain.projects.project import Project
from domain.shared.caller import SITE_PERMISSIONS, Caller
from domain.tasks.task import TaskPriority, TaskStatus
from domain.tenancy.scope import SiteScope
from tests.contracts.access.objects import a_project
from tests.contracts.tasks.tasks import a_task
from tests.domain.identity.people import NOON
from tests.job_ends import allow, as_user, content_of, ended, file_of
from tests.world import World

PAST = date(2020, 1, 1)


@dataclass
class Office:
    """A site with an admin, who owns two projects, and two users; a third project has no tasks."""

    world: World
    site: SiteScope
    ada: User
    bob: User
    eve: User
    moon: Project
    mars: Project

    @property
    def boss(self) -> Caller:
        return as_user(self.ada, *SITE_PERMISSIONS)

    async def ask(self, by: Caller, form: ReportFormat = ReportFormat.CSV, project: Project | None = None) -> JobId:
        async with self.world.acting(self.site, by) as container:
            request: RequestReport = await container.get(RequestReport)
            return await request(form=form, project=project.id if project else None)

    async def report(self, by: Caller, form: ReportFormat = ReportFormat.CSV, project: Project | None = None) -> str:
        job = await ended(self.world, self.site, await self.ask(by, form, project))
        assert (job.status, job.error) == (JobStatus.SUCCEEDED, None)
        assert job.result == {"file": file_of(job), "download": f"/api/files/{file_of(job)}/download/"}
        return (await content_of(self.world, self.site, by, file_of(job))).decode()

    async def rows(self, by: Caller, project: Project | None = None) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(await self.report(by, project=project))))

    async def allow(self, size: int) -> None:
        await allow(self.world, size)


@pytest.fixture
async def office(world: World) -> Office:
    site = await world.site("office")
    ada = await world.admin(site, "ada")
    bob, eve = await world.user(site, "bob"), await world.user(site, "eve")
    moon = await a_project(world, site, ada.id, "Moon")
    mars = await a_project(world, site, ada.id, "Mars")
    await a_project(world, site, ada.id, "Void")
    await a_task(world, site, moon, ada.id, title="Late", due_date=PAST, assignee=bob.id, priority=TaskPriority.HIGH)
    await a_task(world, site, moon, ada.id, title="Done", due_date=PAST, status=TaskStatus.DONE, completed_at=NOON)
    await a_task(world, site, mars, ada.id, title="=1+1", status=TaskStatus.IN_PROGRESS)
    await a_task(world, site, mars, ada.id, title="Eve's", assignee=eve.id)
    return Office(world, site, ada, bob, eve, moon, mars)
