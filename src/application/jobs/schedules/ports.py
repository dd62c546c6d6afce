from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from application.jobs.kinds import JobKind
from application.jobs.schedules.views import ScheduleQuery, ScheduleView
from application.shared.page import Page
from domain.jobs.job import Job, JobId
from domain.jobs.schedule import Schedule, ScheduleId
from domain.tenancy.site import SiteId


class CronTimes(Protocol):
    """Cron expressions of five fields, in time zones by their IANA names.

    A fixed time that a change of the clock leaves out runs once, right after the change; one that comes twice runs
    once, the first time. What is said with a star for minutes or hours runs by elapsed time.
    """

    def problem(self, cron: str) -> str | None:
        """Why it is none."""
        ...

    def knows(self, time_zone: str) -> bool: ...

    def next_time(self, cron: str, time_zone: str, after: datetime) -> datetime | None:
        """The first time after that, in UTC; None: there is none, or it cannot be read."""
        ...


class ArgumentCheck(Protocol):
    def __call__(self, kind: JobKind, arguments: Mapping[str, Any]) -> Sequence[str]:
        """What is wrong with the arguments of a job, as they come from JSON."""
        ...


class UnreadableScheduleError(Exception):
    """What is stored is no schedule as this release has them: another one wrote it."""

    def __init__(self, schedule_id: ScheduleId) -> None:
        super().__init__(f"the schedule {schedule_id} cannot be read")
        self.schedule_id = schedule_id


class ScheduleRepository(Protocol):
    async def add(self, schedule: Schedule) -> None:
        """Raise `ScheduleNameTakenError`."""
        ...

    async def install(self, schedule: Schedule) -> bool:
        """Add a built-in one; False, and nothing, where there is one of its key, or of its name."""
        ...

    async def get(self, schedule_id: ScheduleId) -> Schedule:
        """Lock it until the transaction ends. Raise `ScheduleNotFoundError`."""
        ...

    async def find_due(
        self, jobs: Collection[str], *, at: datetime, but: Collection[ScheduleId] = ()
    ) -> Schedule | None:
        """Of the schedules of these jobs the one that has been due longest and that nobody else has locked.

        Lock it until the transaction ends. Raise `UnreadableScheduleError`.
        """
        ...

    async def save(self, schedule: Schedule) -> None:
        """The plan, and when it runs next. Raise `ScheduleNameTakenError`."""
        ...

    async def save_run(self, schedule: Schedule) -> None:
        """How far it is, and nothing else."""
        ...

    async def remove(self, schedule_id: ScheduleId) -> None:
        """Safe to repeat."""
        ...


class ScheduleReader(Protocol):
    async def page(self, query: ScheduleQuery) -> Page[ScheduleView]: ...

    async def get(self, schedule_id: ScheduleId) -> ScheduleView:
        """Raise `ScheduleNotFoundError`."""
        ...

    async def find(self, name: str) -> ScheduleView | None: ...


@dataclass(frozen=True, slots=True)
class JobTarget:
    """One of many jobs that are alike: in which site (None: on the platform), from when on, and its `unique`."""

    job_id: JobId
    site_id: SiteId | None
    run_at: datetime
    unique: str


class ScheduledJobs(Protocol):
    """Jobs that nobody asked for in person, for any number of sites at once. For the platform alone."""

    async def open_sites(self, site_id: SiteId | None = None) -> Sequence[SiteId]:
        """Those that are active and whose organization is, in a lasting order; of one, if it is."""
        ...

    async def add(self, job: Job, targets: Sequence[JobTarget]) -> Sequence[JobId]:
        """Like that one, for each target; those that were added: none where an unended one has its `unique`."""
        ...
