"""Projects and tasks in batches, each by one statement under the same condition as the lists."""

from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    func,
    literal_column,
    select,
    true,
    tuple_,
)

from adapters.postgres.access.viewable import viewable
from adapters.postgres.identity.rows import UserRow
from adapters.postgres.projects.rows import ProjectRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tasks.reader import overdue
from adapters.postgres.tasks.rows import TaskRow
from application.access.grant_views import SEES_ALL
from application.reports.reader import ReportReader
from application.reports.views import ProjectLine, ReportTerms, TaskLine
from domain.projects.project import PROJECTS, ProjectStatus
from domain.shared.kinds import TASKS
from domain.tasks.task import TaskPriority, TaskStatus

_FIRST: Final = UUID(int=0)
_FILTERS: Final[dict[str, ColumnElement[bool]]] = {
    "of_project": TaskRow.project_id == bindparam("project"),
    "of_viewer": viewable(TASKS, TaskRow),
    "one_project": ProjectRow.id == bindparam("project"),
    "own_projects": viewable(PROJECTS, ProjectRow),
    "late": overdue("today"),
    "after": TaskRow.id > bindparam("after"),
}
_NAMES: Final = Sql(
    select(UserRow.id, UserRow.username).where(UserRow.id == any_(bindparam("users", type_=ARRAY(Uuid()))))
)


class PostgresReportReader(ReportReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def statuses(self, terms: ReportTerms) -> Mapping[TaskStatus, int]:
        records = await self._session.fetch(_statuses(_task_filters(terms)), **_values(terms))
        return {TaskStatus(record["status"]): record["number"] for record in records}

    async def projects(self, terms: ReportTerms, after: ProjectLine | None, limit: int) -> list[ProjectLine]:
        filters = tuple(name for name in ("one_project", "own_projects") if name in _filters(terms))
        place = {"after": after.id, "after_name": after.name} if after else {"after": _FIRST, "after_name": ""}
        values = _values(terms) | place | {"today": terms.today}
        records = await self._session.fetch(_projects(filters, limit), **values)
        return [ProjectLine(one[0], one[1], ProjectStatus(one[2]), *one[3:]) for one in map(tuple, records)]

    async def tasks(self, terms: ReportTerms, after: TaskLine | None, limit: int) -> list[TaskLine]:
        statement = _tasks((*_task_filters(terms), "after"), limit, knows_all=terms.projects is SEES_ALL)
        records = await self._session.fetch(statement, **_values(terms), after=after.id if after else _FIRST)
        return [_to_line(record) for record in records]

    async def late(self, terms: ReportTerms, limit: int) -> list[TaskLine]:
        statement = _tasks((*_task_filters(terms), "late"), limit, knows_all=terms.projects is SEES_ALL)
        records = await self._session.fetch(statement, **_values(terms), today=terms.today)
        return [_to_line(record) for record in records]

    async def names(self, user_ids: Collection[UUID]) -> Mapping[UUID, str]:
        records = await self._session.fetch(_NAMES, users=list(user_ids))
        return {record["id"]: record["username"] for record in records}


def _filters(terms: ReportTerms) -> frozenset[str]:
    of_project = {"of_project", "one_project"} if terms.project else set()
    of_viewer = set() if terms.tasks is SEES_ALL else {"of_viewer"}
    own = set() if terms.projects is SEES_ALL else {"own_projects"}
    return frozenset(of_project | of_viewer | own)


def _task_filters(terms: ReportTerms) -> tuple[str, ...]:
    return tuple(name for name in ("of_project", "of_viewer") if name in _filters(terms))


def _values(terms: ReportTerms) -> dict[str, Any]:
    """Whoever does not see all projects or all tasks is one and the same user."""
    viewers = [one for one in (terms.projects, terms.tasks) if one is not SEES_ALL]
    return {"project": terms.project, "viewer": viewers[0] if viewers else None}


@lru_cache
def _statuses(filters: tuple[str, ...]) -> Sql:
    counted = select(TaskRow.status, func.count().label("number")).group_by(TaskRow.status)
    return Sql(counted.where(*(_FILTERS[name] for name in filters)))


@lru_cache
def _projects(filters: tuple[str, ...], limit: int) -> Sql:
    after = tuple_(bindparam("after_name", type_=Text), bindparam("after", type_=Uuid))
    page = (
        select(ProjectRow.id, ProjectRow.name, ProjectRow.status)
        .where(tuple_(ProjectRow.name, ProjectRow.id) > after, *(_FILTERS[name] for name in filters))
        .order_by(ProjectRow.name, ProjectRow.id)
        .limit(literal_column(str(limit)))
        .subquery("page")
    )
    numbers = [func.count().filter(TaskRow.status == literal_column(f"'{one.value}'")) for one in TaskStatus]
    counted = select(*page.c, *numbers, func.count().filter(overdue("today"))).select_from(
        page.outerjoin(TaskRow, TaskRow.project_id == page.c.id)
    )
    return Sql(counted.group_by(*page.c).order_by(page.c.name, page.c.id))


@lru_cache
def _tasks(filters: tuple[str, ...], limit: int, *, knows_all: bool) -> Sql:
    seen = true() if knows_all else viewable(PROJECTS, ProjectRow)
    order = (TaskRow.due_date, TaskRow.id) if "late" in filters else (TaskRow.id,)
    lines = (
        select(
            TaskRow.id,
            TaskRow.project_id,
            ProjectRow.name,
            TaskRow.title,
            TaskRow.status,
            TaskRow.priority,
            UserRow.username,
            TaskRow.due_date,
            TaskRow.completed_at,
            TaskRow.created_at,
        )
        .select_from(TaskRow)
        .outerjoin(ProjectRow, and_(ProjectRow.id == TaskRow.project_id, seen))
        .outerjoin(UserRow, UserRow.id == TaskRow.assignee_id)
        .where(*(_FILTERS[name] for name in filters))
        .order_by(*order)
        .limit(literal_column(str(limit)))
    )
    return Sql(lines)


def _to_line(record: asyncpg.Record) -> TaskLine:
    key, project_id, project, title, status, priority, *rest = tuple(record)
    return TaskLine(key, project_id, project, title, TaskStatus(status), TaskPriority(priority), *rest)
