from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from application.shared.page import ANY_TIME, FIRST_PAGE, PageRequest, Period
from domain.jobs.schedule import Misfire, Schedule, ScheduleScope


@dataclass(slots=True)
class ScheduleView:
    """A schedule as it is shown. `site` is a slug; `next_run_at` is null for one that will not run."""

    id: UUID
    name: str
    job: str
    arguments: Mapping[str, Any]
    scope: ScheduleScope
    site: str | None
    cron: str | None
    time_zone: str
    interval_seconds: int | None
    once_at: datetime | None
    is_enabled: bool
    misfire: Misfire
    jitter_seconds: int
    is_builtin: bool
    last_run_at: datetime | None
    next_run_at: datetime | None
    run_count: int
    created_at: datetime
    updated_at: datetime
    created_by: UUID | None
    version: int

    @classmethod
    def of(cls, schedule: Schedule, site: str | None) -> Self:
        plan = schedule.plan
        return cls(
            id=schedule.id,
            name=plan.name,
            job=plan.job,
            arguments=plan.arguments,
            scope=plan.scope,
            site=site,
            cron=plan.cron,
            time_zone=plan.time_zone,
            interval_seconds=plan.interval_seconds,
            once_at=plan.once_at,
            is_enabled=plan.is_enabled,
            misfire=plan.misfire,
            jitter_seconds=plan.jitter_seconds,
            is_builtin=schedule.builtin is not None,
            last_run_at=schedule.last_run_at,
            next_run_at=schedule.next_run_at,
            run_count=schedule.run_count,
            created_at=schedule.created_at,
            updated_at=schedule.updated_at,
            created_by=schedule.created_by,
            version=schedule.version,
        )


class ScheduleOrder(StrEnum):
    NAME = "name"
    NAME_DOWN = "-name"
    JOB = "job"
    JOB_DOWN = "-job"
    CREATED_AT = "created_at"
    CREATED_AT_DOWN = "-created_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleQuery:
    """Which schedules, in which order; None filters nothing. `search` looks in name and job, `site` is a slug."""

    page: PageRequest = FIRST_PAGE
    search: str | None = None
    job: str | None = None
    scope: ScheduleScope | None = None
    site: str | None = None
    is_enabled: bool | None = None
    created: Period = ANY_TIME
    ordering: ScheduleOrder = ScheduleOrder.NAME


@dataclass(frozen=True, slots=True)
class ScheduleStart:
    """What a schedule has running by now: how many jobs, and which one, where it has one at a time."""

    count: int
    job_id: UUID | None
