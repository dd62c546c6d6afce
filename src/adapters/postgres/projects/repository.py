from typing import Final

import asyncpg
from sqlalchemy import bindparam, delete, insert, select, update

from adapters.postgres.projects.rows import ProjectRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from application.projects.ports import ProjectRepository
from domain.projects.project import (
    Project,
    ProjectHasTasksError,
    ProjectId,
    ProjectNotFoundError,
    ProjectStatus,
    UnknownOwnerError,
)
from domain.shared.caller import UserId
from domain.shared.errors import StaleError

_WITH_ID: Final = ProjectRow.id == bindparam("key")
_INSERT: Final = Sql(insert(ProjectRow))
_SELECT: Final = Sql(select(*ProjectRow.__table__.c).where(_WITH_ID).with_for_update())
_UPDATE: Final = Sql(
    update(ProjectRow)
    .where(_WITH_ID)
    .values({name: bindparam(name) for name in ("name", "description", "status", "owner_id", "updated_at", "version")})
)
_DELETE: Final = Sql(delete(ProjectRow).where(_WITH_ID))
_REFERRED_TO: Final = (asyncpg.ForeignKeyViolationError, asyncpg.RestrictViolationError)
"""What ON DELETE RESTRICT says until PostgreSQL 17, and from 18 on."""


class PostgresProjectRepository(ProjectRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def add(self, project: Project) -> None:
        await self._write(_INSERT, project)

    async def get(self, project_id: ProjectId) -> Project:
        record = await self._session.fetchrow(_SELECT, key=project_id)
        if record is None:
            raise ProjectNotFoundError(f"there is no project {project_id}")
        return _to_project(record)

    async def save(self, project: Project) -> None:
        if not await self._write(_UPDATE, project):
            raise ProjectNotFoundError(f"there is no project {project.id}")

    async def remove(self, project_id: ProjectId) -> None:
        try:
            removed = await self._session.execute(_DELETE, key=project_id)
        except _REFERRED_TO as error:
            if error.constraint_name == "fk_tasks_project_id_projects":
                raise ProjectHasTasksError("the project has tasks") from error
            raise
        if not removed:
            raise ProjectNotFoundError(f"there is no project {project_id}")

    async def _write(self, sql: Sql, project: Project) -> int:
        try:
            return await self._session.execute(sql, key=project.id, **_to_row(project))
        except asyncpg.ForeignKeyViolationError as error:
            if error.constraint_name == "fk_projects_owner_id_users":
                raise UnknownOwnerError from error
            raise
        except asyncpg.UniqueViolationError as error:
            raise StaleError(f"there is a project {project.id} again") from error


def _to_row(project: Project) -> dict[str, object]:
    return {
        "id": project.id,
        "name": project.name,
        "description": project.description,
        "status": project.status.value,
        "owner_id": project.owner,
        "created_at": project.created_at,
        "updated_at": project.updated_at,
        "created_by": project.created_by,
        "version": project.version,
    }


def _to_project(record: asyncpg.Record) -> Project:
    return Project(
        id=ProjectId(record["id"]),
        name=record["name"],
        description=record["description"],
        status=ProjectStatus(record["status"]),
        owner=UserId(record["owner_id"]),
        created_at=record["created_at"],
        updated_at=record["updated_at"],
        created_by=record["created_by"],
        version=record["version"],
    )
