from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from domain.tasks.task import TaskPriority, TaskStatus

FEWEST_WEEKS: Final = 1
MOST_WEEKS: Final = 52


@dataclass(frozen=True, slots=True)
class OpenTasksView:
    """How many open tasks have this status and this priority."""

    status: TaskStatus
    priority: TaskPriority
    count: int


@dataclass(frozen=True, slots=True)
class DoneInWeekView:
    """How many tasks were done in an ISO week of UTC: its name, as in `2026-W01`, and the Monday it begins with."""

    week: str
    starts_on: date
    count: int


@dataclass(frozen=True, slots=True)
class WorkloadView:
    """How many open tasks somebody has to do, and how many of them are overdue. None: nobody has."""

    assignee: UUID | None
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class DashboardView:
    """A site's tasks in numbers, as far as the caller may view them.

    `open` has every open status with every priority, `done_per_week` every week, the present one last; `workload`
    has who has an open task to do, the most first.
    """

    open: list[OpenTasksView]
    overdue: int
    done_per_week: list[DoneInWeekView]
    workload: list[WorkloadView]
