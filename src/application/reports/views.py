from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from application.access.grant_views import Viewer
from application.tasks.dashboard_views import DoneInWeekView
from domain.files.upload import FileId
from domain.projects.project import ProjectStatus
from domain.tasks.task import CLOSED, TaskPriority, TaskStatus


class ReportFormat(StrEnum):
    """`csv`: a line for each task, for spreadsheets; `html`: numbers and charts, for people."""

    CSV = "csv"
    HTML = "html"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTerms:
    """For whom a report is, of which project (None: of all), and as of which day; days are those of UTC."""

    projects: Viewer
    tasks: Viewer
    project: UUID | None
    today: date


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project that whoever reads the report may view, and how many of its tasks are how far."""

    id: UUID
    name: str
    status: ProjectStatus
    todo: int
    in_progress: int
    done: int
    cancelled: int
    overdue: int

    @property
    def tasks(self) -> int:
        return self.todo + self.in_progress + self.done + self.cancelled


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task that they may view. `project` is its name, None where they may view the task alone.

    `assignee` is a username.
    """

    id: UUID
    project_id: UUID
    project: str | None
    title: str
    status: TaskStatus
    priority: TaskPriority
    assignee: str | None
    due_date: date | None
    completed_at: datetime | None
    created_at: datetime

    def is_overdue(self, *, on: date) -> bool:
        return self.due_date is not None and self.due_date < on and self.status not in CLOSED


@dataclass(frozen=True, slots=True)
class WorkloadLine:
    """How many open tasks a user has to do, and how many of them are overdue. None: nobody has."""

    assignee: str | None
    open: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSummary:
    """All that is small, however many tasks there are. `late` are those that are overdue for the longest time."""

    made_by: str
    made_at: datetime
    project: str | None
    statuses: Mapping[TaskStatus, int]
    overdue: int
    done_per_week: Sequence[DoneInWeekView]
    workload: Sequence[WorkloadLine]
    late: Sequence[TaskLine]


@dataclass(frozen=True, slots=True)
class ReportResult:
    """The file, and where it is downloaded."""

    file: FileId
    download: str
