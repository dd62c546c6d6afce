from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Self

from domain.shared.caller import UserId
from domain.shared.changes import UNCHANGED, Unchanged, changed
from domain.shared.checks import Checks
from domain.shared.errors import InvalidError
from domain.shared.kinds import ProjectId, TaskId

LONGEST_TITLE: Final = 300
LONGEST_DESCRIPTION: Final = 20_000


class UnknownPersonError(InvalidError):
    """The owner or the assignee is not a user of this site. `field` is which of the two."""

    def __init__(self, field: str) -> None:
        super().__init__({field: ["is not a user of this site"]})


class UnknownProjectError(InvalidError):
    """The site has no such project, or none that the caller may view."""

    def __init__(self) -> None:
        super().__init__({"project": ["is not a project of this site that you may view"]})


class TaskStatus(StrEnum):
    """In the order of the work."""

    TODO = "todo"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CANCELLED = "cancelled"


CLOSED: Final = (TaskStatus.DONE, TaskStatus.CANCELLED)
"""Nothing is left to do: such a task is never overdue."""
OPEN: Final = (TaskStatus.TODO, TaskStatus.IN_PROGRESS)


class TaskPriority(StrEnum):
    """From the least to the most urgent."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskChanges:
    """What a partial update changes; the rest stays. None takes the assignee or the due date away."""

    project: ProjectId | Unchanged = UNCHANGED
    title: str | Unchanged = UNCHANGED
    description: str | Unchanged = UNCHANGED
    status: TaskStatus | Unchanged = UNCHANGED
    priority: TaskPriority | Unchanged = UNCHANGED
    assignee: UserId | Unchanged | None = UNCHANGED
    due_date: date | Unchanged | None = UNCHANGED
    owner: UserId | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A unit of work in a project. `completed_at` is when it was last done, as long as it is."""

    id: TaskId
    project: ProjectId
    title: str
    description: str
    status: TaskStatus
    priority: TaskPriority
    assignee: UserId | None
    due_date: date | None
    completed_at: datetime | None
    owner: UserId
    created_at: datetime
    updated_at: datetime
    created_by: UserId | None
    version: int = 1

    def __post_init__(self) -> None:
        checks = Checks()
        checks.line("title", self.title, longest=LONGEST_TITLE)
        checks.prose("description", self.description, longest=LONGEST_DESCRIPTION)
        done = self.status is TaskStatus.DONE
        checks.require("completed_at", "is there for what is done alone", holds=done == (self.completed_at is not None))
        checks.done()

    def change(self, changes: TaskChanges, *, at: datetime) -> Self:
        status = changed(changes.status, self.status)
        return replace(
            self,
            project=changed(changes.project, self.project),
            title=changed(changes.title, self.title),
            description=changed(changes.description, self.description),
            status=status,
            priority=changed(changes.priority, self.priority),
            assignee=changed(changes.assignee, self.assignee),
            due_date=changed(changes.due_date, self.due_date),
            completed_at=self.completed_at if status is self.status else completion(status, at=at),
            owner=changed(changes.owner, self.owner),
            updated_at=at,
            version=self.version + 1,
        )

    def changes_in_status_alone(self, changes: TaskChanges) -> bool:
        """Whether nothing of it but the status would become another."""
        rest = self.change(replace(changes, status=UNCHANGED), at=self.updated_at)
        return rest == replace(self, version=rest.version)

    def is_overdue(self, *, on: date) -> bool:
        """Whether it should have been done before that day, and is still open."""
        return self.due_date is not None and self.due_date < on and self.status not in CLOSED


def completion(status: TaskStatus, *, at: datetime) -> datetime | None:
    """When a task is completed that comes into this status."""
    return at if status is TaskStatus.DONE else None
