from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from application.shared.page import ANY_TIME, FIRST_PAGE, PageRequest, Period
from domain.tasks.task import Task, TaskPriority, TaskStatus


@dataclass(slots=True)
class TaskView:
    """A task as it is shown. `owner`, `assignee` and `created_by` are user ids of the same site.

    `due_date` is a day, `completed_at` the time at which it was done, as long as its status is `done`.
    """

    id: UUID
    project: UUID
    title: str
    description: str
    status: TaskStatus
    priority: TaskPriority
    assignee: UUID | None
    due_date: date | None
    completed_at: datetime | None
    owner: UUID
    created_at: datetime
    updated_at: datetime
    created_by: UUID | None
    version: int

    @classmethod
    def of(cls, task: Task) -> Self:
        return cls(
            id=task.id,
            project=task.project,
            title=task.title,
            description=task.description,
            status=task.status,
            priority=task.priority,
            assignee=task.assignee,
            due_date=task.due_date,
            completed_at=task.completed_at,
            owner=task.owner,
            created_at=task.created_at,
            updated_at=task.updated_at,
            created_by=task.created_by,
            version=task.version,
        )


class TaskOrder(StrEnum):
    """Status in the order of the work, priority from low to urgent; what has no date comes after what has one."""

    TITLE = "title"
    TITLE_DOWN = "-title"
    STATUS = "status"
    STATUS_DOWN = "-status"
    PRIORITY = "priority"
    PRIORITY_DOWN = "-priority"
    DUE_DATE = "due_date"
    DUE_DATE_DOWN = "-due_date"
    COMPLETED_AT = "completed_at"
    COMPLETED_AT_DOWN = "-completed_at"
    CREATED_AT = "created_at"
    CREATED_AT_DOWN = "-created_at"
    UPDATED_AT = "updated_at"
    UPDATED_AT_DOWN = "-updated_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskQuery:
    """Which tasks, in which order; None filters nothing. `search` looks in title and description.

    `due_from` and `due_until` are included; `overdue` is what should be done before today and is still open, or
    what is not that; `unassigned` is what is nobody's to do, or what is somebody's.
    """

    page: PageRequest = FIRST_PAGE
    search: str | None = None
    project: UUID | None = None
    status: TaskStatus | None = None
    priority: TaskPriority | None = None
    assignee: UUID | None = None
    unassigned: bool | None = None
    owner: UUID | None = None
    due_from: date | None = None
    due_until: date | None = None
    overdue: bool | None = None
    completed: Period = ANY_TIME
    created: Period = ANY_TIME
    ordering: TaskOrder = TaskOrder.CREATED_AT_DOWN
