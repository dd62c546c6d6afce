"""Cron times by `cronsim`, in the time zones of the pinned package `tzdata`, not those of the machine."""

from datetime import UTC, datetime
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from application.jobs.schedules.ports import CronTimes

_FIELDS: Final = 5
_LONGEST: Final = 200
_REPEATED: Final = 200
"""So many times of a repeated hour may lie before the one that is asked for: its minutes, and some."""


class CronsimTimes(CronTimes):
    def problem(self, cron: str) -> str | None:
        if len(cron) > _LONGEST or len(cron.split()) != _FIELDS:
            return "must have five fields: minute, hour, day of month, month, day of week"
        try:
            CronSim(cron, datetime(2026, 1, 1, tzinfo=UTC))
        except (CronSimError, AssertionError, ValueError) as error:
            return f"is not a cron expression: {error or 'it cannot be read'}"
        return None if self.next_time(cron, "UTC", datetime(2026, 1, 1, tzinfo=UTC)) else "has no time at all"

    def knows(self, time_zone: str) -> bool:
        return time_zone in _names()

    def next_time(self, cron: str, time_zone: str, after: datetime) -> datetime | None:
        if not self.knows(time_zone):
            return None
        try:
            times = CronSim(cron, after.astimezone(_zone(time_zone)))
            found = (one.astimezone(UTC) for one in islice(times, _REPEATED))
            return next((one for one in found if one > after), None)
        except (CronSimError, AssertionError, ValueError):
            return None


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset((files("tzdata") / "zones").read_text(encoding="utf-8").split())


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    with (files("tzdata") / "zoneinfo").joinpath(*name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)
