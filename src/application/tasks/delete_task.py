from dataclasses import dataclass

from application.access.object_access import ObjectAccess
from application.files.placed_files import PlacedFiles
from application.shared.ports import UnitOfWork
from application.tasks.ports import TaskRepository
from domain.files.upload import Place
from domain.shared.grantable import ObjectPermission
from domain.shared.kinds import TASKS, TaskId
from domain.shared.versions import require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteTask:
    """Delete a task and the grants on it; its history stays. With `seen`, only at one of these versions.

    It takes `delete` on the task, which is `delete` on each of its files too. A task that has files is deleted
    `with_files` alone; what is being uploaded there is given up.
    """

    access: ObjectAccess
    tasks: TaskRepository
    files: PlacedFiles
    work: UnitOfWork

    async def __call__(self, *, task_id: TaskId, seen: frozenset[int] | None, with_files: bool = False) -> None:
        async with self.work:
            await self.access.lock(TASKS, task_id, ObjectPermission.DELETE)
            task = await self.tasks.get(task_id)
            require_version(task.version, seen)
            await self.files.remove(Place(task=task_id), with_files=with_files)
            await self.tasks.remove(task_id)
