from dataclasses import dataclass
from datetime import date

from application.shared.ports import Clock, NewId, UnitOfWork
from application.tasks.ports import TaskRepository
from application.tasks.task_authority import TaskAuthority
from domain.shared.caller import Caller, UserId
from domain.shared.kinds import ProjectId, TaskId
from domain.tasks.task import Task, TaskPriority, TaskStatus, completion


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """Open a task in a project. Its owner is the caller, who may therefore do everything with it.

    It takes `change` on the project, or `tasks.create` and to view it.
    """

    caller: Caller
    authority: TaskAuthority
    tasks: TaskRepository
    work: UnitOfWork
    clock: Clock
    new_id: NewId

    async def __call__(
        self,
        *,
        project: ProjectId,
        title: str,
        description: str = "",
        status: TaskStatus = TaskStatus.TODO,
        priority: TaskPriority = TaskPriority.NORMAL,
        assignee: UserId | None = None,
        due_date: date | None = None,
    ) -> Task:
        now, owner = self.clock(), self.caller.require_user()
        task = Task(
            id=TaskId(self.new_id()),
            project=project,
            title=title,
            description=description,
            status=status,
            priority=priority,
            assignee=assignee,
            due_date=due_date,
            completed_at=completion(status, at=now),
            owner=owner,
            created_at=now,
            updated_at=now,
            created_by=owner,
        )
        async with self.work:
            await self.authority.require_place(project)
            await self.tasks.add(task)
        return task
