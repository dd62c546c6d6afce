from dataclasses import dataclass
from datetime import date

from application.shared.jobs import Jobs
from application.shared.ports import UnitOfWork
from application.tasks.notify_assignee import NotifyAssignee
from application.tasks.task_opening import TaskFields, TaskOpening
from domain.shared.caller import UserId
from domain.shared.kinds import ProjectId
from domain.tasks.task import Task, TaskPriority, TaskStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTask:
    """Open a task in a project. Its owner is the caller, who may therefore do everything with it.

    It takes `change` on the project, or `tasks.create` and to view it. An assignee who is somebody else is told.
    """

    opening: TaskOpening
    jobs: Jobs
    work: UnitOfWork

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
        fields = TaskFields(
            project=project,
            title=title,
            description=description,
            status=status,
            priority=priority,
            assignee=assignee,
            due_date=due_date,
        )
        task = self.opening.drafted(fields)
        async with self.work:
            await self.opening.require_place(project)
            await self.opening.open(task)
            if task.assignee not in (None, self.opening.caller.user_id):
                await self.jobs.add(NotifyAssignee, task_id=task.id, assignee=task.assignee)
        return task
