"""A site's tasks in numbers, each by one statement under the same condition as the lists."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any, Final, Literal
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, Date, Select, bindparam, cast, func, select

from adapters.postgres.access.viewable import viewable
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tasks.reader import is_open, overdue
from adapters.postgres.tasks.rows import TaskRow
from application.access.grant_views import SEES_ALL, Viewer
from application.tasks.dashboard_ports import DashboardReader
from application.tasks.dashboard_views import WorkloadView
from domain.shared.kinds import TASKS
from domain.tasks.task import TaskPriority, TaskStatus

_Name = Literal["open", "overdue", "done_per_week", "workload"]
_MONDAY: Final = cast(func.date_trunc("week", func.timezone("UTC", TaskRow.completed_at)), Date)
_NUMBER: Final = func.count().label("number")
_STATEMENTS: Final[dict[_Name, Select[*tuple[Any, ...]]]] = {
    "open": select(TaskRow.status, TaskRow.priority, _NUMBER)
    .where(is_open())
    .group_by(TaskRow.status, TaskRow.priority),
    "overdue": select(_NUMBER).where(overdue("today")),
    "done_per_week": select(_MONDAY.label("monday"), _NUMBER)
    .where(TaskRow.completed_at >= bindparam("since"), TaskRow.completed_at < bindparam("until"))
    .group_by("monday"),
    "workload": select(TaskRow.assignee_id, _NUMBER, func.count().filter(overdue("today")))
    .where(is_open())
    .group_by(TaskRow.assignee_id)
    .order_by(_NUMBER.desc(), TaskRow.assignee_id),
}
_FILTERS: Final[dict[str, ColumnElement[bool]]] = {
    "project": TaskRow.project_id == bindparam("project"),
    "viewer": viewable(TASKS, TaskRow),
}


class PostgresDashboardReader(DashboardReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def open(self, viewer: Viewer, project: UUID | None) -> dict[tuple[TaskStatus, TaskPriority], int]:
        records = await self._ask("open", viewer, project)
        return {(TaskStatus(status), TaskPriority(priority)): number for status, priority, number in records}

    async def overdue(self, viewer: Viewer, project: UUID | None, *, today: date) -> int:
        ((number,),) = await self._ask("overdue", viewer, project, today=today)
        return int(number)

    async def done_per_week(self, viewer: Viewer, project: UUID | None, *, since: date, until: date) -> dict[date, int]:
        records = await self._ask("done_per_week", viewer, project, since=_start(since), until=_start(until))
        return {record["monday"]: record["number"] for record in records}

    async def workload(self, viewer: Viewer, project: UUID | None, *, today: date) -> list[WorkloadView]:
        return [WorkloadView(*record) for record in await self._ask("workload", viewer, project, today=today)]

    async def _ask(self, name: _Name, viewer: Viewer, project: UUID | None, **values: Any) -> list[asyncpg.Record]:
        given = {"project": project, "viewer": None if viewer is SEES_ALL else viewer}
        filters = {name: value for name, value in given.items() if value is not None}
        return await self._session.fetch(_statement(name, tuple(filters)), **filters, **values)


@lru_cache(maxsize=32)
def _statement(name: _Name, filters: tuple[str, ...]) -> Sql:
    return Sql(_STATEMENTS[name].select_from(TaskRow).where(*(_FILTERS[one] for one in filters)))


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)
