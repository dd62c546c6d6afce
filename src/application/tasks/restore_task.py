from dataclasses import dataclass, replace

from application.shared.ports import Clock, UnitOfWork
from application.tasks.ports import TaskRepository
from application.tasks.task_authority import TaskAuthority
from domain.shared.grantable import ObjectPermission
from domain.shared.kinds import TASKS
from domain.tasks.task import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreTask:
    """Open a task again that was deleted, under its id and as it was; grants on it and its files do not come back.

    It takes what opening one in its project does, of whoever may view every task: for another owner, to change every
    task. Its project must be there.
    """

    authority: TaskAuthority
    tasks: TaskRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, task: Task) -> Task:
        everywhere = TASKS.everywhere(self.authority.caller)
        TASKS.require(everywhere, ObjectPermission.VIEW, task.id)
        if task.owner != self.authority.caller.user_id:
            TASKS.require(everywhere, ObjectPermission.CHANGE, task.id)
        restored = replace(task, updated_at=self.clock(), version=task.version + 1)
        async with self.work:
            await self.authority.require_place(task.project)
            await self.tasks.add(restored)
        return restored
