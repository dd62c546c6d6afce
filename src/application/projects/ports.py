from typing import Protocol

from application.access.grant_views import Viewer
from application.projects.views import ProjectQuery, ProjectView
from application.shared.page import Page
from domain.projects.project import Project, ProjectId


class ProjectRepository(Protocol):
    """The projects of the site in whose name this runs."""

    async def add(self, project: Project) -> None:
        """Raise `UnknownOwnerError` if the owner is not a user of the site, `StaleError` if there is one of its id."""
        ...

    async def get(self, project_id: ProjectId) -> Project:
        """Lock it until the transaction ends. Raise `ProjectNotFoundError` if there is none."""
        ...

    async def save(self, project: Project) -> None:
        """Raise `UnknownOwnerError` as `add`, `ProjectNotFoundError` if it has gone."""
        ...

    async def remove(self, project_id: ProjectId) -> None:
        """Raise `ProjectNotFoundError` if there is none, `ProjectHasTasksError` if there are tasks in it."""
        ...


class ProjectTasks(Protocol):
    """The tasks of a project, as far as the project is concerned. Whoever asks has locked it."""

    async def count(self, project_id: ProjectId) -> int: ...

    async def remove(self, project_id: ProjectId) -> None:
        """All of them, with the grants on them."""
        ...


class ProjectReader(Protocol):
    """The projects of the site, as they are shown to one who sees all or to one user."""

    async def page(self, query: ProjectQuery, viewer: Viewer) -> Page[ProjectView]: ...

    async def get(self, project_id: ProjectId, viewer: Viewer) -> ProjectView:
        """Raise `ProjectNotFoundError` if there is no such project for the viewer."""
        ...
