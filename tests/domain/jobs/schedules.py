from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import uuid4

from domain.jobs.schedule import Schedule, ScheduleId, SchedulePlan, ScheduleScope

NOON: Final = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def a_plan(**fields: Any) -> SchedulePlan:
    when = {} if fields.keys() & {"cron", "interval_seconds", "once_at"} else {"interval_seconds": 60}
    given: dict[str, Any] = {"name": "nightly", "job": "purge_jobs", "scope": ScheduleScope.PLATFORM, **when}
    return SchedulePlan(**given | fields)


def a_schedule(at: datetime = NOON, next_run_at: datetime | None = None, **fields: Any) -> Schedule:
    return Schedule(
        id=ScheduleId(uuid4()),
        plan=a_plan(**fields),
        created_at=at,
        updated_at=at,
        created_by=None,
        next_run_at=next_run_at,
    )


def hourly(_: str, __: str, after: datetime) -> datetime:
    """Of any cron expression."""
    return after.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
