from dataclasses import dataclass

from application.projects.ports import ProjectReader
from application.projects.views import ProjectQuery, ProjectView
from application.shared.page import Page
from domain.projects.project import ProjectId
from domain.shared.caller import Caller, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class ListProjects:
    """The projects of the caller's site that match, one page of them."""

    caller: Caller
    reader: ProjectReader

    async def __call__(self, query: ProjectQuery) -> Page[ProjectView]:
        self.caller.require(Permission.PROJECTS_VIEW)
        return await self.reader.page(query)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowProject:
    """One project of the caller's site."""

    caller: Caller
    reader: ProjectReader

    async def __call__(self, *, project_id: ProjectId) -> ProjectView:
        self.caller.require(Permission.PROJECTS_VIEW)
        return await self.reader.get(project_id)
