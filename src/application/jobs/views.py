from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from application.shared.page import ANY_TIME, FIRST_PAGE, PageRequest, Period
from domain.jobs.job import JobStatus, Progress, Queue
from domain.shared.caller import UserId


@dataclass(slots=True)
class JobProgressView:
    """How far a job is: `done` of `total`, null where that is not known, and what is being done."""

    done: int
    total: int | None
    note: str

    @classmethod
    def of(cls, progress: Progress) -> Self:
        return cls(progress.done, progress.total, progress.note)


@dataclass(slots=True)
class JobAskerView:
    """Who asked for a job: a user of the schema it runs in, or null: the platform itself, or its operator."""

    id: UUID | None
    label: str


@dataclass(slots=True)
class JobView:
    """A job as it is shown: never its arguments. `site` is a slug, or null for a job of the platform."""

    id: UUID
    name: str
    queue: Queue
    site: str | None
    status: JobStatus
    attempts: int
    progress: JobProgressView
    run_at: datetime
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: str | None
    result: Mapping[str, Any] | None
    asked_by: JobAskerView


class JobOrder(StrEnum):
    CREATED_AT = "created_at"
    CREATED_AT_DOWN = "-created_at"
    RUN_AT = "run_at"
    RUN_AT_DOWN = "-run_at"
    NAME = "name"
    NAME_DOWN = "-name"
    STATUS = "status"
    STATUS_DOWN = "-status"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobQuery:
    """Which jobs, in which order; None filters nothing. `search` looks in name and error, `site` is a slug."""

    page: PageRequest = FIRST_PAGE
    search: str | None = None
    status: JobStatus | None = None
    queue: Queue | None = None
    name: str | None = None
    site: str | None = None
    created: Period = ANY_TIME
    ordering: JobOrder = JobOrder.CREATED_AT_DOWN


@dataclass(frozen=True, slots=True)
class JobViewer:
    """Whose jobs are in sight: those that this user asked for, in the schema of the scope; None: all of the scope."""

    user_id: UserId | None
