from dataclasses import dataclass
from datetime import date

from application.shared.ports import Clock, NewId
from application.tasks.ports import TaskRepository
from application.tasks.task_authority import TaskAuthority
from domain.shared.caller import Caller, UserId
from domain.shared.kinds import ProjectId, TaskId
from domain.tasks.task import Task, TaskPriority, TaskStatus, completion


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFields:
    """What whoever opens a task says of it."""

    project: ProjectId
    title: str
    description: str = ""
    status: TaskStatus = TaskStatus.TODO
    priority: TaskPriority = TaskPriority.NORMAL
    assignee: UserId | None = None
    due_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOpening:
    """How tasks come into a project, one alone or many of a file. Their owner is the caller."""

    caller: Caller
    authority: TaskAuthority
    tasks: TaskRepository
    clock: Clock
    new_id: NewId

    def drafted(self, fields: TaskFields) -> Task:
        """The task as it would be. Raise `InvalidError` with all that is wrong with it."""
        now, owner = self.clock(), self.caller.require_user()
        return Task(
            id=TaskId(self.new_id()),
            project=fields.project,
            title=fields.title,
            description=fields.description,
            status=fields.status,
            priority=fields.priority,
            assignee=fields.assignee,
            due_date=fields.due_date,
            completed_at=completion(fields.status, at=now),
            owner=owner,
            created_at=now,
            updated_at=now,
            created_by=owner,
        )

    async def require_place(self, project: ProjectId) -> None:
        """Inside the transaction that opens tasks there; raise as `TaskAuthority.require_place`."""
        await self.authority.require_place(project)

    async def open(self, task: Task) -> None:
        """In a place that is required already. Raise `UnknownPersonError`: the transaction is lost then."""
        await self.tasks.add(task)
