"""Work that is done in the background: its row is the truth, whatever becomes of the messages about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NewType, Self
from uuid import UUID

from domain.shared.caller import SessionId, UserId
from domain.shared.errors import ConflictError, NotFoundError, RuleBrokenError

JobId = NewType("JobId", UUID)
LeaseId = NewType("LeaseId", UUID)

LONGEST_ERROR: Final = 2000
LONGEST_NOTE: Final = 200


class JobNotFoundError(NotFoundError):
    code = "job_not_found"


class JobStatusError(RuleBrokenError):
    """The job's status does not allow this step."""

    code = "job_status"


class JobExistsError(ConflictError):
    """Of these jobs there is one at a time, and one has not ended."""

    code = "job_exists"


class Queue(StrEnum):
    """What workers consume; each can have workers of its own."""

    EMAILS = "emails"
    REPORTS = "reports"
    TENANT_TASKS = "tenant_tasks"
    MAINTENANCE = "maintenance"


class JobStatus(StrEnum):
    """`queued`: with the broker; `failed`: will be tried again at `run_at`; `dead`: not unless somebody asks for it."""

    PENDING = "pending"
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    DEAD = "dead"
    CANCELLED = "cancelled"


WAITING: Final = frozenset({JobStatus.PENDING, JobStatus.QUEUED, JobStatus.FAILED})
ENDED: Final = frozenset({JobStatus.SUCCEEDED, JobStatus.DEAD, JobStatus.CANCELLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """`attempts` at most, with a pause after each that doubles up to `longest`."""

    attempts: int = 8
    first: timedelta = timedelta(seconds=5)
    longest: timedelta = timedelta(hours=1)

    def pause(self, attempt: int, *, chance: float) -> timedelta:
        """After the attempt of this number, from 1; `chance`, 0 to 1, spreads what failed together over half of it."""
        whole = min(self.first.total_seconds() * 2 ** min(attempt - 1, 30), self.longest.total_seconds())
        return timedelta(seconds=whole * (0.5 + 0.5 * chance))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asked for a job, and in which request: it acts for them and leaves their trace.

    `user_id` is a user of the schema the job runs in; None: the platform itself, or nobody. `session_id` is the session
    they asked in.
    """

    label: str
    request_id: str
    user_id: UserId | None = None
    impersonator: UserId | None = None
    session_id: SessionId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`done` of `total`, None where that is not known; `note` says what is being done."""

    done: int = 0
    total: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of work that was asked for, in one scope.

    `name` is its kind, `arguments` are as the kind reads them. `attempts` counts those that were begun; what is handed
    back unfinished does not count. `unique` keeps a second one from being added while this one has not ended.
    """

    id: JobId
    name: str
    queue: Queue
    asker: Asker
    created_at: datetime
    run_at: datetime
    arguments: Mapping[str, Any] = field(default_factory=dict, repr=False)
    unique: str | None = None
    status: JobStatus = JobStatus.PENDING
    attempts: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    progress: Progress = field(default_factory=Progress)
    error: str | None = None
    result: Mapping[str, Any] | None = None

    def start(self, *, at: datetime) -> Self:
        """Raise `JobStatusError` where it does not wait: it runs already, or has ended."""
        self._require(WAITING, "started")
        return replace(
            self,
            status=JobStatus.RUNNING,
            attempts=self.attempts + 1,
            started_at=at,
            finished_at=None,
            progress=Progress(),
        )

    def with_progress(self, progress: Progress) -> Self:
        return replace(self, progress=progress)

    def succeed(self, result: Mapping[str, Any] | None, *, at: datetime) -> Self:
        self._require({JobStatus.RUNNING}, "completed")
        return replace(self, status=JobStatus.SUCCEEDED, finished_at=at, error=None, result=result)

    def without_arguments(self) -> Self:
        """Once it succeeded nobody needs them, and nobody can run it again."""
        self._require({JobStatus.SUCCEEDED}, "left without its arguments")
        return replace(self, arguments={})

    def fail(self, error: str, retries: Retries, *, at: datetime, chance: float, is_final: bool = False) -> Self:
        """To be tried again after a pause; dead after the last attempt, or where trying again cannot help."""
        self._require({JobStatus.RUNNING}, "failed")
        told = replace(self, error=error[:LONGEST_ERROR])
        if is_final or self.attempts >= retries.attempts:
            return replace(told, status=JobStatus.DEAD, finished_at=at)
        pause = retries.pause(self.attempts, chance=chance)
        return replace(told, status=JobStatus.FAILED, run_at=at + pause)

    def hand_back(self, *, at: datetime, pause: timedelta = timedelta()) -> Self:
        """Whoever ran it cannot finish it: the attempt does not count."""
        self._require({JobStatus.RUNNING}, "handed back")
        return replace(self, status=JobStatus.PENDING, attempts=self.attempts - 1, run_at=at + pause)

    def cancel(self, *, at: datetime) -> Self:
        """Raise `JobStatusError` if it has ended. A running one is stopped by whoever runs it."""
        if self.status in ENDED:
            raise JobStatusError(f"a job that is {self.status} cannot be cancelled")
        return replace(self, status=JobStatus.CANCELLED, finished_at=at)

    def retry(self, *, at: datetime) -> Self:
        """Anew, with all its attempts. Raise `JobStatusError` unless it failed, is dead or was cancelled."""
        self._require({JobStatus.FAILED, JobStatus.DEAD, JobStatus.CANCELLED}, "retried")
        return replace(
            self, status=JobStatus.PENDING, attempts=0, run_at=at, finished_at=None, error=None, progress=Progress()
        )

    def _require(self, statuses: frozenset[JobStatus] | set[JobStatus], step: str) -> None:
        if self.status not in statuses:
            raise JobStatusError(f"a job that is {self.status} cannot be {step}")
