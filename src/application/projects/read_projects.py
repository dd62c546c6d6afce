from dataclasses import dataclass

from application.access.object_access import ObjectAccess
from application.projects.ports import ProjectReader
from application.projects.views import ProjectQuery, ProjectView
from application.shared.page import Page
from domain.projects.project import PROJECTS, ProjectId


@dataclass(frozen=True, slots=True, kw_only=True)
class ListProjects:
    """The projects that match and that the caller may view, one page of them."""

    access: ObjectAccess
    reader: ProjectReader

    async def __call__(self, query: ProjectQuery) -> Page[ProjectView]:
        return await self.reader.page(query, self.access.viewer(PROJECTS))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowProject:
    """One project that the caller may view."""

    access: ObjectAccess
    reader: ProjectReader

    async def __call__(self, *, project_id: ProjectId) -> ProjectView:
        return await self.reader.get(project_id, self.access.viewer(PROJECTS))
