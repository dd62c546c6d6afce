"""A site that tasks are imported into, on any store."""

import csv
import io
from dataclasses import dataclass
from typing import Any

import pytest

from application.imports.request_import import RequestImport
from application.jobs.views import JobView
from domain.files.file import File
from domain.identity.user import User
from domain.jobs.job import JobId
from domain.projects.project import Project
from domain.shared.caller import SITE_PERMISSIONS, Caller
from domain.tenancy.scope import SiteScope
from tests.contracts.access.objects import a_project
from tests.contracts.tasks.tasks import titles
from tests.job_ends import a_file, as_user, content_of, ended
from tests.world import World


@dataclass
class ImportDesk:
    """A site with an admin, who owns two projects, and two users."""

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

    async def file(self, content: str | bytes, owner: User | None = None, **fields: Any) -> File:
        raw = content.encode() if isinstance(content, str) else content
        return await a_file(self.world, self.site, owner or self.ada, raw, **fields)

    async def ask(self, file: File, by: Caller | None = None, **asked: Any) -> JobId:
        given: dict[str, Any] = {"project": self.moon.id, "dry_run": False, "delimiter": None} | asked
        async with self.world.acting(self.site, by or self.boss) as container:
            request: RequestImport = await container.get(RequestImport)
            return await request(file=file.id, **given)

    async def run(self, content: str | bytes, **asked: Any) -> JobView:
        return await ended(self.world, self.site, await self.ask(await self.file(content), **asked))

    async def titles(self) -> list[str]:
        """Of all tasks of the site, the oldest first."""
        return list(reversed(await titles(self.world, self.site, self.boss)))

    async def errors_in(self, job: JobView, by: Caller | None = None) -> list[tuple[str, ...]]:
        """All that are in the file of errors, below its header."""
        assert job.result
        content = await content_of(self.world, self.site, by or self.boss, job.result["errors_file"])
        header, *rows = csv.reader(io.StringIO(content.decode()))
        assert header == ["line", "field", "message"]
        return [tuple(row) for row in rows]


@pytest.fixture
async def desk(world: World) -> ImportDesk:
    site = await world.site("desk")
    ada = await world.admin(site, "ada")
    bob, eve = await world.user(site, "bob"), await world.user(site, "eve")
    moon, mars = await a_project(world, site, ada.id, "Moon"), await a_project(world, site, ada.id, "Mars")
    return ImportDesk(world, site, ada, bob, eve, moon, mars)


def outcome(job: JobView) -> tuple[int, int, int]:
    """Lines, created, failed."""
    assert job.result, job.error
    return job.result["lines"], job.result["created"], job.result["failed"]


def errors(job: JobView) -> list[tuple[int, str, str]]:
    assert job.result, job.error
    return [(one["line"], one["field"], one["message"]) for one in job.result["errors"]]
