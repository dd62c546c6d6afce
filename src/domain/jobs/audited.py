from typing import Final

from domain.jobs.schedule import ScheduleNotFoundError
from domain.shared.audited import Audited

_TIMES: Final = ("cron", "time_zone", "interval_seconds", "once_at")
_HOW: Final = ("arguments", "is_enabled", "misfire", "jitter_seconds")

SCHEDULE_HISTORY: Final = Audited(
    table="schedules",
    noun="schedule",
    absent=ScheduleNotFoundError,
    shown=(
        *("id", "name", "job", "scope", "site_id", *_TIMES, *_HOW, "builtin"),
        *("created_at", "updated_at", "created_by", "version"),
    ),
    writable=("name", *_TIMES, *_HOW),
    together=_TIMES,
    fixed=("job", "scope", "site_id"),
    instead="change it",
    stays_gone="a schedule that was deleted is created anew",
)
