from dataclasses import dataclass

from application.access.object_access import ObjectAccess
from application.shared.ports import UnitOfWork
from application.tasks.ports import TaskRepository
from domain.shared.grantable import ObjectPermission
from domain.shared.kinds import TASKS, TaskId
from domain.shared.versions import require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteTask:
    """Delete a task and the grants on it; its history stays. With `seen`, only at one of these versions.

    It takes `delete` on the task.
    """

    access: ObjectAccess
    tasks: TaskRepository
    work: UnitOfWork

    async def __call__(self, *, task_id: TaskId, seen: frozenset[int] | None) -> None:
        async with self.work:
            await self.access.lock(TASKS, task_id, ObjectPermission.DELETE)
            task = await self.tasks.get(task_id)
            require_version(task.version, seen)
            await self.tasks.remove(task_id)
