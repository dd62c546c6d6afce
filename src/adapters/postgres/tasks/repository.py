from collections.abc import Collection
from typing import Any, Final

import asyncpg
from sqlalchemy import Uuid, any_, bindparam, delete, insert, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tasks.rows import TaskRow
from application.tasks.ports import TaskRepository
from domain.shared.errors import InvalidError, StaleError
from domain.shared.kinds import TASKS, TaskId
from domain.tasks.task import Task, TaskPriority, TaskStatus, UnknownPersonError, UnknownProjectError

_COLUMNS: Final = TaskRow.__table__.c
_KEPT: Final = {"id", "created_at", "created_by"}
_WITH_ID: Final = TaskRow.id == bindparam("key")
_INSERT: Final = Sql(insert(TaskRow))
_SELECT: Final = Sql(select(*_COLUMNS).where(_WITH_ID))
_SELECT_EACH: Final = Sql(select(*_COLUMNS).where(TaskRow.id == any_(bindparam("keys", type_=ARRAY(Uuid())))))
_UPDATE: Final = Sql(
    update(TaskRow)
    .where(_WITH_ID)
    .values({column.name: bindparam(column.name) for column in _COLUMNS if column.name not in _KEPT})
)
_DELETE: Final = Sql(delete(TaskRow).where(_WITH_ID))


class PostgresTaskRepository(TaskRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def add(self, task: Task) -> None:
        await self._write(_INSERT, task)

    async def get(self, task_id: TaskId) -> Task:
        record = await self._session.fetchrow(_SELECT, key=task_id)
        if record is None:
            raise TASKS.not_found(task_id)
        return _to_task(record)

    async def get_each(self, task_ids: Collection[TaskId]) -> list[Task]:
        return [_to_task(record) for record in await self._session.fetch(_SELECT_EACH, keys=list(task_ids))]

    async def save(self, task: Task) -> None:
        if not await self._write(_UPDATE, task):
            raise TASKS.not_found(task.id)

    async def remove(self, task_id: TaskId) -> None:
        if not await self._session.execute(_DELETE, key=task_id):
            raise TASKS.not_found(task_id)

    async def _write(self, sql: Sql, task: Task) -> int:
        try:
            return await self._session.execute(sql, key=task.id, **_to_row(task))
        except asyncpg.ForeignKeyViolationError as error:
            if refusal := _REFUSALS.get(str(error.constraint_name)):
                raise refusal from error
            raise
        except asyncpg.UniqueViolationError as error:
            raise StaleError(f"there is a task {task.id} again") from error


_REFUSALS: Final[dict[str, InvalidError]] = {
    "fk_tasks_project_id_projects": UnknownProjectError(),
    "fk_tasks_owner_id_users": UnknownPersonError("owner"),
    "fk_tasks_assignee_id_users": UnknownPersonError("assignee"),
}


def _to_row(task: Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "project_id": task.project,
        "title": task.title,
        "description": task.description,
        "status": task.status.value,
        "priority": task.priority.value,
        "assignee_id": task.assignee,
        "due_date": task.due_date,
        "completed_at": task.completed_at,
        "owner_id": task.owner,
        "created_at": task.created_at,
        "updated_at": task.updated_at,
        "created_by": task.created_by,
        "version": task.version,
    }


def _to_task(record: asyncpg.Record) -> Task:
    row = dict(record)
    return Task(
        project=row.pop("project_id"),
        status=TaskStatus(row.pop("status")),
        priority=TaskPriority(row.pop("priority")),
        assignee=row.pop("assignee_id"),
        owner=row.pop("owner_id"),
        **row,
    )
