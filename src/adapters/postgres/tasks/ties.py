"""What projects and users have to do with tasks."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, func, null, select, update

from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tasks.rows import TaskRow
from application.identity.ports import Assignments
from application.projects.ports import ProjectTasks
from domain.shared.caller import UserId
from domain.shared.kinds import ProjectId
from domain.tenancy.scope import PlatformScope

_IN_PROJECT: Final = TaskRow.project_id == bindparam("project")
_OF_ASSIGNEE: Final = TaskRow.assignee_id == bindparam("assignee")
_COUNT: Final = Sql(select(func.count()).select_from(TaskRow).where(_IN_PROJECT))
_LOCK: Final = Sql(select(TaskRow.id).where(_IN_PROJECT).order_by(TaskRow.id).with_for_update())
_DELETE: Final = Sql(delete(TaskRow).where(_IN_PROJECT))
_LOCK_ASSIGNED: Final = Sql(select(TaskRow.id).where(_OF_ASSIGNEE).order_by(TaskRow.id).with_for_update(key_share=True))
_RELEASE: Final = Sql(
    update(TaskRow)
    .where(_OF_ASSIGNEE)
    .values(assignee_id=null(), updated_at=bindparam("at"), version=TaskRow.version + 1)
)


class PostgresProjectTasks(ProjectTasks):
    """Locks tasks by their ids, as everybody does who locks several."""

    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def count(self, project_id: ProjectId) -> int:
        record = await self._session.fetchrow(_COUNT, project=project_id)
        return int(record[0]) if record else 0

    async def remove(self, project_id: ProjectId) -> None:
        await self._session.fetch(_LOCK, project=project_id)
        await self._session.execute(_DELETE, project=project_id)


class PostgresAssignments(Assignments):
    """What is assigned between this and the user's end, the foreign key takes away."""

    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def release(self, user_id: UserId, *, at: datetime) -> None:
        if not isinstance(self._session.scope, PlatformScope):
            await self._session.fetch(_LOCK_ASSIGNED, assignee=user_id)
            await self._session.execute(_RELEASE, assignee=user_id, at=at)
