"""How schedules look on the wire, coming in; going out they look as they are read (`ScheduleView`)."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from application.jobs.schedules.views import ScheduleOrder, ScheduleQuery
from application.shared.page import Period
from domain.jobs.schedule import (
    LONGEST_INTERVAL,
    LONGEST_JITTER,
    LONGEST_NAME,
    Misfire,
    ScheduleChanges,
    SchedulePlan,
    ScheduleScope,
)
from entrypoints.http.lists import PageQuery
from entrypoints.http.projects_wire import Time
from entrypoints.http.wire import NO_NUL, in_utc

Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, pattern=NO_NUL, examples=["Purge at night"])]
JobName = Annotated[str, Meta(max_length=100, pattern=NO_NUL, description="A job that can be scheduled.")]
Site = Annotated[str, Meta(max_length=63, pattern=NO_NUL, description="A slug, where the scope is one site.")]
Cron = Annotated[str, Meta(max_length=200, pattern=NO_NUL, description="Five fields.", examples=["30 2 * * MON-FRI"])]
TimeZone = Annotated[str, Meta(max_length=64, pattern=NO_NUL, examples=["Europe/Berlin"])]
Interval = Annotated[int, Meta(ge=1, le=LONGEST_INTERVAL)]
Jitter = Annotated[int, Meta(ge=0, le=LONGEST_JITTER, description="Over so long the jobs of all sites are spread.")]
Arguments = Annotated[dict[str, Any], Meta(description="What the job takes; at most 16 KiB as JSON.")]
Search = Annotated[str, Meta(max_length=200, pattern=NO_NUL, description="In name and job.")]


class CreateScheduleRequest(Struct, forbid_unknown_fields=True):
    """Exactly one of `cron` (in `time_zone`), `interval_seconds` and `once_at` says when."""

    name: Name
    job: JobName
    scope: ScheduleScope
    site: Site | None = None
    arguments: Arguments = {}
    cron: Cron | None = None
    time_zone: TimeZone = "UTC"
    interval_seconds: Interval | None = None
    once_at: Time | None = None
    is_enabled: bool = True
    misfire: Misfire = Misfire.RUN_ONCE
    jitter_seconds: Jitter = 0

    def plan(self) -> SchedulePlan:
        """Without the site, which is found by its slug."""
        return SchedulePlan(**_fields(self))


class ReplaceScheduleRequest(Struct, forbid_unknown_fields=True):
    """Every field that a client writes."""

    name: Name
    job: JobName
    scope: ScheduleScope
    site: Site | None
    arguments: Arguments
    cron: Cron | None
    time_zone: TimeZone
    interval_seconds: Interval | None
    once_at: Time | None
    is_enabled: bool
    misfire: Misfire
    jitter_seconds: Jitter

    def changes(self) -> ScheduleChanges:
        return ScheduleChanges(**_fields(self), site_id=None)


class ChangeScheduleRequest(Struct, forbid_unknown_fields=True):
    """What is left out stays as it is; one of `cron`, `interval_seconds` and `once_at` takes the place of another."""

    name: Name | UnsetType = UNSET
    job: JobName | UnsetType = UNSET
    scope: ScheduleScope | UnsetType = UNSET
    site: Site | UnsetType | None = UNSET
    arguments: Arguments | UnsetType = UNSET
    cron: Cron | UnsetType | None = UNSET
    time_zone: TimeZone | UnsetType = UNSET
    interval_seconds: Interval | UnsetType | None = UNSET
    once_at: Time | UnsetType | None = UNSET
    is_enabled: bool | UnsetType = UNSET
    misfire: Misfire | UnsetType = UNSET
    jitter_seconds: Jitter | UnsetType = UNSET

    def changes(self) -> ScheduleChanges:
        return ScheduleChanges(**_fields(self) | ({"site_id": None} if self.site is None else {}))


class ScheduleListQuery(PageQuery, frozen=True):
    search: Search | None = None
    job: JobName | None = None
    scope: ScheduleScope | None = None
    site: Site | None = None
    is_enabled: bool | None = None
    created_at__gte: Time | None = None
    created_at__lte: Time | None = None
    ordering: ScheduleOrder = ScheduleOrder.NAME

    def as_query(self) -> ScheduleQuery:
        return ScheduleQuery(
            page=self.slice,
            search=self.search or None,
            job=self.job,
            scope=self.scope,
            site=self.site,
            is_enabled=self.is_enabled,
            created=Period(
                start=in_utc("created_at__gte", self.created_at__gte),
                end=in_utc("created_at__lte", self.created_at__lte),
            ),
            ordering=self.ordering,
        )


def _fields(request: Struct) -> dict[str, Any]:
    """By the names that they have in a plan; times in UTC."""
    given = {name: value for name, value in structs.asdict(request).items() if name != "site" and value is not UNSET}
    return given | ({"once_at": in_utc("once_at", given["once_at"])} if "once_at" in given else {})
