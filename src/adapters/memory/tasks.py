from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from adapters.memory.grants import forget_grants, may_view
from adapters.memory.paging import page_of
from adapters.memory.scoped import OfSite
from application.access.grant_views import Viewer
from application.identity.ports import Assignments
from application.shared.page import Page, Period
from application.tasks.ports import TaskReader, TaskRepository
from application.tasks.views import TaskOrder, TaskQuery, TaskView
from domain.shared.caller import UserId
from domain.shared.errors import StaleError
from domain.shared.kinds import TASKS, TaskId
from domain.tasks.task import Task, TaskPriority, TaskStatus, UnknownPersonError, UnknownProjectError
from domain.tenancy.scope import PlatformScope

_RANKS: Final[dict[str, dict[Any, int]]] = {
    "status": {one: rank for rank, one in enumerate(TaskStatus)},
    "priority": {one: rank for rank, one in enumerate(TaskPriority)},
}


class MemoryTaskRepository(OfSite, TaskRepository):
    async def add(self, task: Task) -> None:
        if task.id in self._tables.tasks:
            raise StaleError(f"there is a task {task.id} again")
        self._put(task)

    def _put(self, task: Task) -> None:
        tables = self._tables
        if task.project not in tables.projects:
            raise UnknownProjectError
        if task.owner not in tables.users:
            raise UnknownPersonError("owner")
        if task.assignee is not None and task.assignee not in tables.users:
            raise UnknownPersonError("assignee")
        tables.tasks[task.id] = task

    async def get(self, task_id: TaskId) -> Task:
        task = self._tables.tasks.get(task_id)
        if task is None:
            raise TASKS.not_found(task_id)
        return task

    async def get_each(self, task_ids: Collection[TaskId]) -> list[Task]:
        tasks = self._tables.tasks
        return [tasks[task_id] for task_id in task_ids if task_id in tasks]

    async def save(self, task: Task) -> None:
        await self.get(task.id)
        self._put(task)

    async def remove(self, task_id: TaskId) -> None:
        await self.get(task_id)
        tables = self._tables
        del tables.tasks[task_id]
        forget_grants(tables, TASKS, task_id)


class MemoryAssignments(OfSite, Assignments):
    async def release(self, user_id: UserId, *, at: datetime) -> None:
        if isinstance(self._scope, PlatformScope):
            return
        tasks = self._tables.tasks
        for task in [task for task in tasks.values() if task.assignee == user_id]:
            tasks[task.id] = replace(task, assignee=None, updated_at=at, version=task.version + 1)


class MemoryTaskReader(OfSite, TaskReader):
    async def page(self, query: TaskQuery, viewer: Viewer, *, today: date) -> Page[TaskView]:
        tables = self._tables
        found = [task for task in tables.tasks.values() if matches(task, query, today)]
        shown = [task for task in found if may_view(tables, TASKS, task, viewer)]
        down = query.ordering.value.startswith("-")
        shown.sort(key=lambda task: _key(task, query.ordering), reverse=down)
        return page_of([TaskView.of(task) for task in shown], query.page)

    async def get(self, task_id: TaskId, viewer: Viewer) -> TaskView:
        task = await MemoryTaskRepository(self._database, self._scope).get(task_id)
        if not may_view(self._tables, TASKS, task, viewer):
            raise TASKS.not_found(task_id)
        return TaskView.of(task)


def matches(task: Task, query: TaskQuery, today: date) -> bool:
    texts = (task.title.casefold(), task.description.casefold())
    return (
        (query.search is None or any(query.search.casefold() in text for text in texts))
        and query.project in (None, task.project)
        and query.status in (None, task.status)
        and query.priority in (None, task.priority)
        and query.assignee in (None, task.assignee)
        and query.unassigned in (None, task.assignee is None)
        and query.owner in (None, task.owner)
        and query.overdue in (None, task.is_overdue(on=today))
        and (query.due_from is None or (task.due_date is not None and query.due_from <= task.due_date))
        and (query.due_until is None or (task.due_date is not None and task.due_date <= query.due_until))
        and _is_in(task.completed_at, query.completed)
        and _is_in(task.created_at, query.created)
    )


def _is_in(time: datetime | None, period: Period) -> bool:
    if time is None:
        return period.start is None and period.end is None
    return (period.start is None or period.start <= time) and (period.end is None or time <= period.end)


def _key(task: Task, ordering: TaskOrder) -> tuple[Any, ...]:
    """As PostgreSQL sorts: what is missing comes last, in the other direction first."""
    field = ordering.value.removeprefix("-")
    value = getattr(task, field)
    if field in _RANKS:
        value = _RANKS[field][value]
    return (value is None, 0 if value is None else value, task.id)
