"""What is to be done at which times. Cron times are worked out elsewhere: `NextTime`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NewType, Self, TypeAlias
from uuid import UUID

from domain.shared.caller import UserId
from domain.shared.changes import UNCHANGED, Unchanged
from domain.shared.checks import Checks
from domain.shared.documents import check_document
from domain.shared.errors import ConflictError, NotFoundError, RuleBrokenError

ScheduleId = NewType("ScheduleId", UUID)
NextTime: TypeAlias = Callable[[str, str, datetime], datetime | None]
"""Of a cron expression in a time zone the first time after another, in UTC; None: there is none."""

LONGEST_NAME: Final = 100
LONGEST_INTERVAL: Final = 366 * 86_400
LONGEST_JITTER: Final = 86_400
_LONGEST_ARGUMENTS: Final = 16 << 10
GRACE: Final = timedelta(minutes=1)
"""What is later than this was missed."""


class ScheduleNotFoundError(NotFoundError):
    code = "schedule_not_found"


class ScheduleNameTakenError(ConflictError):
    code = "schedule_name_taken"


class UnknownScheduledJobError(ConflictError):
    """This release has no such job, or it cannot be scheduled any more."""

    code = "schedule_job_unknown"


class BuiltInScheduleError(RuleBrokenError):
    """The platform needs it: it can be changed and disabled, not deleted."""

    code = "schedule_built_in"


class ScheduleScope(StrEnum):
    """Where the job runs: on the platform, in every active site, or in one."""

    PLATFORM = "platform"
    ALL_SITES = "all_sites"
    SITE = "site"


class Misfire(StrEnum):
    """What becomes of the times at which no scheduler ran: nothing, or one run for all of them."""

    SKIP = "skip"
    RUN_ONCE = "run_once"


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulePlan:
    """What people say: which job, where, and when, by exactly one of `cron`, `interval_seconds` and `once_at`.

    The jobs of all sites are spread over `jitter_seconds`.
    """

    name: str
    job: str
    scope: ScheduleScope
    site_id: UUID | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    cron: str | None = None
    time_zone: str = "UTC"
    interval_seconds: int | None = None
    once_at: datetime | None = None
    is_enabled: bool = True
    misfire: Misfire = Misfire.RUN_ONCE
    jitter_seconds: int = 0

    def check(self, checks: Checks) -> None:
        """What can be said of it without knowing jobs, sites and time zones."""
        checks.line("name", self.name, longest=LONGEST_NAME)
        check_document(checks, "arguments", self.arguments, longest=_LONGEST_ARGUMENTS)
        said = [one for one in (self.cron, self.interval_seconds, self.once_at) if one is not None]
        exactly = "give exactly one of cron, interval_seconds and once_at"
        for name in ("cron", "interval_seconds", "once_at"):
            is_wrong = len(said) != 1 and (getattr(self, name) is not None or not said)
            checks.require(name, exactly, holds=not is_wrong)
        if self.interval_seconds is not None:
            seconds = f"must be from 1 to {LONGEST_INTERVAL} seconds"
            checks.require("interval_seconds", seconds, holds=1 <= self.interval_seconds <= LONGEST_INTERVAL)
        spread = f"must be from 0 to {LONGEST_JITTER} seconds"
        checks.require("jitter_seconds", spread, holds=0 <= self.jitter_seconds <= LONGEST_JITTER)
        if self.scope is ScheduleScope.SITE:
            checks.require("site", "is needed where the scope is one site", holds=self.site_id is not None)
        else:
            checks.require("site", f"has no meaning where the scope is {self.scope}", holds=self.site_id is None)

    def changed(self, changes: "ScheduleChanges") -> Self:
        """One new time rule takes the place of the old one, whatever that was; a new scope that of the site."""
        given = {one.name: getattr(changes, one.name) for one in fields(changes)}
        given = {name: value for name, value in given.items() if value is not UNCHANGED}
        rules = ("cron", "interval_seconds", "once_at")
        if sum(given.get(name) is not None for name in rules) == 1:
            given = dict.fromkeys(rules) | given
        if given.get("scope", ScheduleScope.SITE) is not ScheduleScope.SITE:
            given = {"site_id": None} | given
        return replace(self, **given)

    def first_time(self, after: datetime, cron: NextTime) -> datetime | None:
        """Of the times of this plan the first one after that; None: there is none, or it is disabled."""
        if not self.is_enabled:
            return None
        if self.cron is not None:
            return cron(self.cron, self.time_zone, after)
        if self.interval_seconds is not None:
            return after + timedelta(seconds=self.interval_seconds)
        return self.once_at if self.once_at and self.once_at > after else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleChanges:
    """New values for some fields of a plan; the rest stays as it is."""

    name: str | Unchanged = UNCHANGED
    job: str | Unchanged = UNCHANGED
    scope: ScheduleScope | Unchanged = UNCHANGED
    site_id: UUID | Unchanged | None = UNCHANGED
    arguments: Mapping[str, Any] | Unchanged = UNCHANGED
    cron: str | Unchanged | None = UNCHANGED
    time_zone: str | Unchanged = UNCHANGED
    interval_seconds: int | Unchanged | None = UNCHANGED
    once_at: datetime | Unchanged | None = UNCHANGED
    is_enabled: bool | Unchanged = UNCHANGED
    misfire: Misfire | Unchanged = UNCHANGED
    jitter_seconds: int | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A plan, and how far it is. `builtin` is the key of one that the platform brings; what runs changes no version."""

    id: ScheduleId
    plan: SchedulePlan
    created_at: datetime
    updated_at: datetime
    created_by: UserId | None
    next_run_at: datetime | None
    last_run_at: datetime | None = None
    run_count: int = 0
    builtin: str | None = None
    version: int = 1

    def __post_init__(self) -> None:
        checks = Checks()
        self.plan.check(checks)
        checks.done()

    def change(self, plan: SchedulePlan, *, at: datetime, cron: NextTime) -> Self:
        """Its times begin anew."""
        following = plan.first_time(at, cron)
        return replace(self, plan=plan, next_run_at=following, updated_at=at, version=self.version + 1)

    def require_deletable(self) -> None:
        """Raise `BuiltInScheduleError`."""
        if self.builtin:
            raise BuiltInScheduleError(f"{self.plan.name} is built in: disable it")

    def is_missed(self, *, at: datetime) -> bool:
        """Whether what is due counts for nothing, because it is too late for it."""
        late = self.next_run_at is not None and at - self.next_run_at > GRACE
        return late and self.plan.misfire is Misfire.SKIP

    def move_on(self, *, at: datetime, cron: NextTime) -> Self:
        """To the first time after `at`. An interval keeps its beat."""
        if self.plan.interval_seconds is None or self.next_run_at is None:
            return replace(self, next_run_at=self.plan.first_time(at, cron))
        step = timedelta(seconds=self.plan.interval_seconds)
        beats = max((at - self.next_run_at) // step, 0) + 1
        return replace(self, next_run_at=self.next_run_at + beats * step)

    def ran(self, *, at: datetime) -> Self:
        return replace(self, last_run_at=at, run_count=self.run_count + 1)
