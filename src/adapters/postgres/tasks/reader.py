from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, and_, bindparam, case, literal_column, not_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from adapters.postgres.access.viewable import viewable
from adapters.postgres.paging import PageSql, containing
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tasks.rows import TaskRow
from application.access.grant_views import SEES_ALL, Viewer
from application.shared.page import Page
from application.tasks.ports import TaskReader
from application.tasks.views import TaskOrder, TaskQuery, TaskView
from domain.shared.kinds import TASKS, TaskId
from domain.tasks.task import OPEN, TaskPriority, TaskStatus

_COLUMNS: Final = (
    TaskRow.id,
    TaskRow.project_id,
    TaskRow.title,
    TaskRow.description,
    TaskRow.status,
    TaskRow.priority,
    TaskRow.assignee_id,
    TaskRow.due_date,
    TaskRow.completed_at,
    TaskRow.owner_id,
    TaskRow.created_at,
    TaskRow.updated_at,
    TaskRow.created_by,
    TaskRow.version,
)

_OPEN: Final = [literal_column(f"'{status}'", Text) for status in OPEN]


def overdue(day: str) -> ColumnElement[bool]:
    """`day` is the name of the parameter that is today."""
    return and_(TaskRow.due_date < bindparam(day), is_open())


def is_open() -> ColumnElement[bool]:
    """The statuses are named, and written out: an index starts with them."""
    return TaskRow.status.in_(_OPEN)


_FILTERS: Final[dict[str, ColumnElement[bool]]] = {
    "project": TaskRow.project_id == bindparam("project"),
    "status": TaskRow.status == bindparam("status"),
    "priority": TaskRow.priority == bindparam("priority"),
    "assignee": TaskRow.assignee_id == bindparam("assignee"),
    "unassigned": TaskRow.assignee_id.is_(None),
    "assigned": TaskRow.assignee_id.is_not(None),
    "owner": TaskRow.owner_id == bindparam("owner"),
    "due_from": TaskRow.due_date >= bindparam("due_from"),
    "due_until": TaskRow.due_date <= bindparam("due_until"),
    "overdue": overdue("overdue"),
    "in_time": or_(TaskRow.due_date.is_(None), not_(overdue("in_time"))),
    "completed_from": TaskRow.completed_at >= bindparam("completed_from"),
    "completed_until": TaskRow.completed_at <= bindparam("completed_until"),
    "created_from": TaskRow.created_at >= bindparam("created_from"),
    "created_until": TaskRow.created_at <= bindparam("created_until"),
    "search": or_(TaskRow.title.ilike(bindparam("search")), TaskRow.description.ilike(bindparam("search"))),
    "viewer": viewable(TASKS, TaskRow),
}
_STATUSES: Final = {status.value: status for status in TaskStatus}
_PRIORITIES: Final = {priority.value: priority for priority in TaskPriority}
_BY_KEY: Final = select(*_COLUMNS).where(TaskRow.id == bindparam("key"))
_ANY: Final = Sql(_BY_KEY)
_VIEWABLE: Final = Sql(_BY_KEY.where(_FILTERS["viewer"]))


class PostgresTaskReader(TaskReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def page(self, query: TaskQuery, viewer: Viewer, *, today: date) -> Page[TaskView]:
        values = _values(query, viewer, today)
        statement = _statement(tuple(values), query.ordering)
        return await statement.fetch(self._session, query.page, _to_view, **values)

    async def get(self, task_id: TaskId, viewer: Viewer) -> TaskView:
        if viewer is SEES_ALL:
            record = await self._session.fetchrow(_ANY, key=task_id)
        else:
            record = await self._session.fetchrow(_VIEWABLE, key=task_id, viewer=viewer)
        if record is None:
            raise TASKS.not_found(task_id)
        return _to_view(tuple(record))


@lru_cache(maxsize=256)
def _statement(filters: tuple[str, ...], ordering: TaskOrder) -> PageSql:
    field = ordering.value.removeprefix("-")
    keys = (_RANKS.get(field, getattr(TaskRow, field)), TaskRow.id)
    down = ordering.value.startswith("-")
    return PageSql(
        _COLUMNS,
        [_FILTERS[name] for name in filters],
        [key.desc() if down else key.asc() for key in keys],
    )


def _ranked(column: InstrumentedAttribute[str], values: Iterable[StrEnum]) -> ColumnElement[int]:
    """In the order of their meaning, not of the alphabet."""
    return case({value.value: rank for rank, value in enumerate(values)}, value=column)


_RANKS: Final[dict[str, ColumnElement[Any]]] = {
    "status": _ranked(TaskRow.status, TaskStatus),
    "priority": _ranked(TaskRow.priority, TaskPriority),
}


def _values(query: TaskQuery, viewer: Viewer, today: date) -> dict[str, Any]:
    given = {
        "project": query.project,
        "status": query.status,
        "priority": query.priority,
        "assignee": query.assignee,
        "unassigned": query.unassigned or None,
        "assigned": True if query.unassigned is False else None,
        "owner": query.owner,
        "due_from": query.due_from,
        "due_until": query.due_until,
        "overdue": today if query.overdue is True else None,
        "in_time": today if query.overdue is False else None,
        "completed_from": query.completed.start,
        "completed_until": query.completed.end,
        "created_from": query.created.start,
        "created_until": query.created.end,
        "search": containing(query.search) if query.search else None,
        "viewer": None if viewer is SEES_ALL else viewer,
    }
    return {name: value for name, value in given.items() if value is not None}


def _to_view(columns: tuple[Any, ...]) -> TaskView:
    task = TaskView(*columns)
    task.status, task.priority = _STATUSES[task.status], _PRIORITIES[task.priority]
    return task
