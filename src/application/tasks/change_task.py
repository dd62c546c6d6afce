from dataclasses import dataclass

from application.access.object_access import ObjectAccess
from application.shared.jobs import Jobs
from application.shared.ports import Clock, UnitOfWork
from application.tasks.notify_assignee import NotifyAssignee
from application.tasks.ports import TaskRepository
from application.tasks.task_authority import TaskAuthority
from domain.shared.grantable import ObjectPermission
from domain.shared.kinds import TASKS, TaskId
from domain.shared.versions import require_version
from domain.tasks.task import Task, TaskChanges


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTask:
    """Change some or all fields of a task; what each takes, `TaskAuthority` says.

    A task that becomes `done` is completed now; one that is done no longer was not completed. A new assignee who is
    somebody else than the caller is told.
    With `seen`, only if the task still is at one of these versions: no update is lost unseen.
    """

    access: ObjectAccess
    authority: TaskAuthority
    tasks: TaskRepository
    jobs: Jobs
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, task_id: TaskId, changes: TaskChanges, seen: frozenset[int] | None) -> Task:
        async with self.work:
            held = await self.access.lock(TASKS, task_id, ObjectPermission.VIEW)
            task = await self.tasks.get(task_id)
            await self.authority.require_change(held, task, changes)
            require_version(task.version, seen)
            before, task = task.assignee, task.change(changes, at=self.clock())
            await self.tasks.save(task)
            if task.assignee not in (None, before, self.access.caller.user_id):
                await self.jobs.add(NotifyAssignee, task_id=task.id, assignee=task.assignee)
        return task
