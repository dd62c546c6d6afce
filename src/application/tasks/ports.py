from collections.abc import Collection
from datetime import date
from typing import Protocol

from application.access.grant_views import Viewer
from application.shared.page import Page
from application.tasks.views import TaskQuery, TaskView
from domain.shared.kinds import TaskId
from domain.tasks.task import Task


class TaskRepository(Protocol):
    """The tasks of the site in whose name this runs. Whoever changes or removes one has locked it."""

    async def add(self, task: Task) -> None:
        """Raise `UnknownPersonError` if owner or assignee is not a user of the site, `UnknownProjectError` likewise,
        `StaleError` if there is one of its id.
        """
        ...

    async def get(self, task_id: TaskId) -> Task:
        """Raise `TaskNotFoundError` if there is none."""
        ...

    async def get_each(self, task_ids: Collection[TaskId]) -> list[Task]:
        """Those of them that are there."""
        ...

    async def save(self, task: Task) -> None:
        """Raise as `add` for persons and project, `TaskNotFoundError` if it has gone."""
        ...

    async def remove(self, task_id: TaskId) -> None:
        """Raise `TaskNotFoundError` if there is none."""
        ...


class TaskReader(Protocol):
    """The tasks of the site, as they are shown to one who sees all or to one user."""

    async def page(self, query: TaskQuery, viewer: Viewer, *, today: date) -> Page[TaskView]:
        """`today` tells what is overdue."""
        ...

    async def get(self, task_id: TaskId, viewer: Viewer) -> TaskView:
        """Raise `TaskNotFoundError` if there is no such task for the viewer."""
        ...
