from operator import attrgetter

from adapters.memory.grants import forget_grants, may_view
from adapters.memory.paging import page_of
from adapters.memory.scoped import OfSite
from application.access.grant_views import Viewer
from application.projects.ports import ProjectReader, ProjectRepository, ProjectTasks
from application.projects.views import ProjectQuery, ProjectView
from application.shared.page import Page
from domain.projects.project import (
    PROJECTS,
    Project,
    ProjectHasTasksError,
    ProjectId,
    ProjectNotFoundError,
    UnknownOwnerError,
)
from domain.shared.errors import StaleError
from domain.shared.kinds import TASKS


class MemoryProjectRepository(OfSite, ProjectRepository):
    async def add(self, project: Project) -> None:
        if project.id in self._tables.projects:
            raise StaleError(f"there is a project {project.id} again")
        self._put(project)

    def _put(self, project: Project) -> None:
        projects = self._tables.projects
        if project.owner not in self._tables.users:
            raise UnknownOwnerError
        projects[project.id] = project

    async def get(self, project_id: ProjectId) -> Project:
        project = self._tables.projects.get(project_id)
        if project is None:
            raise ProjectNotFoundError(f"there is no project {project_id}")
        return project

    async def save(self, project: Project) -> None:
        await self.get(project.id)
        self._put(project)

    async def remove(self, project_id: ProjectId) -> None:
        await self.get(project_id)
        if await MemoryProjectTasks(self._database, self._scope).count(project_id):
            raise ProjectHasTasksError("the project has tasks")
        del self._tables.projects[project_id]
        forget_grants(self._tables, PROJECTS, project_id)


class MemoryProjectTasks(OfSite, ProjectTasks):
    async def count(self, project_id: ProjectId) -> int:
        return sum(task.project == project_id for task in self._tables.tasks.values())

    async def remove(self, project_id: ProjectId) -> None:
        tables = self._tables
        for task in [task for task in tables.tasks.values() if task.project == project_id]:
            del tables.tasks[task.id]
            forget_grants(tables, TASKS, task.id)


class MemoryProjectReader(OfSite, ProjectReader):
    async def page(self, query: ProjectQuery, viewer: Viewer) -> Page[ProjectView]:
        projects = self._tables.projects.values()
        found = [project for project in projects if _matches(project, query) and self._shows(project, viewer)]
        key = query.ordering.value.removeprefix("-")
        found.sort(key=attrgetter(key, "id"), reverse=query.ordering.value.startswith("-"))
        page = page_of(found, query.page)
        return Page(page.count, [await self._view(project) for project in page.results])

    async def get(self, project_id: ProjectId, viewer: Viewer) -> ProjectView:
        project = await MemoryProjectRepository(self._database, self._scope).get(project_id)
        if not self._shows(project, viewer):
            raise PROJECTS.not_found(project_id)
        return await self._view(project)

    async def _view(self, project: Project) -> ProjectView:
        tasks = MemoryProjectTasks(self._database, self._scope)
        return ProjectView.of(project, await tasks.count(project.id))

    def _shows(self, project: Project, viewer: Viewer) -> bool:
        return may_view(self._tables, PROJECTS, project, viewer)


def _matches(project: Project, query: ProjectQuery) -> bool:
    texts = (project.name.casefold(), project.description.casefold())
    return (
        (query.search is None or any(query.search.casefold() in text for text in texts))
        and query.status in (None, project.status)
        and query.owner in (None, project.owner)
        and (query.created.start is None or query.created.start <= project.created_at)
        and (query.created.end is None or project.created_at <= query.created.end)
    )
