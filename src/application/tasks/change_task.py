from dataclasses import dataclass

from application.access.object_access import ObjectAccess
from application.shared.ports import Clock, UnitOfWork
from application.tasks.ports import TaskRepository
from application.tasks.task_authority import TaskAuthority
from domain.shared.grantable import ObjectPermission
from domain.shared.kinds import TASKS, TaskId
from domain.shared.versions import require_version
from domain.tasks.task import Task, TaskChanges


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTask:
    """Change some or all fields of a task; what each takes, `TaskAuthority` says.

    A task that becomes `done` is completed now; one that is done no longer was not completed.
    With `seen`, only if the task still is at one of these versions: no update is lost unseen.
    """

    access: ObjectAccess
    authority: TaskAuthority
    tasks: TaskRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, task_id: TaskId, changes: TaskChanges, seen: frozenset[int] | None) -> Task:
        async with self.work:
            held = await self.access.lock(TASKS, task_id, ObjectPermission.VIEW)
            task = await self.tasks.get(task_id)
            await self.authority.require_change(held, task, changes)
            require_version(task.version, seen)
            task = task.change(changes, at=self.clock())
            await self.tasks.save(task)
        return task
