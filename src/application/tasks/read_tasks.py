from dataclasses import dataclass

from application.access.object_access import ObjectAccess
from application.shared.page import Page
from application.shared.ports import Clock
from application.tasks.ports import TaskReader
from application.tasks.views import TaskQuery, TaskView
from domain.shared.kinds import TASKS, TaskId


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTasks:
    """The tasks that match and that the caller may view, one page of them. Days are those of UTC."""

    access: ObjectAccess
    reader: TaskReader
    clock: Clock

    async def __call__(self, query: TaskQuery) -> Page[TaskView]:
        return await self.reader.page(query, self.access.viewer(TASKS), today=self.clock().date())


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowTask:
    """One task that the caller may view."""

    access: ObjectAccess
    reader: TaskReader

    async def __call__(self, *, task_id: TaskId) -> TaskView:
        return await self.reader.get(task_id, self.access.viewer(TASKS))
