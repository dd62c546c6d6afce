from dataclasses import dataclass

from application.jobs.schedules.ports import ScheduleReader
from application.jobs.schedules.views import ScheduleQuery, ScheduleView
from application.shared.page import Page
from domain.jobs.schedule import ScheduleId, ScheduleNotFoundError
from domain.shared.caller import Caller, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSchedules:
    """All schedules, for admins of the platform."""

    caller: Caller
    reader: ScheduleReader

    async def __call__(self, query: ScheduleQuery) -> Page[ScheduleView]:
        self.caller.require(Permission.SITES_MANAGE)
        return await self.reader.page(query)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowSchedule:
    """One schedule, for admins of the platform."""

    caller: Caller
    reader: ScheduleReader

    async def __call__(self, *, schedule_id: ScheduleId) -> ScheduleView:
        self.caller.require(Permission.SITES_MANAGE)
        return await self.reader.get(schedule_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindSchedule:
    """One schedule by its name, for admins of the platform."""

    caller: Caller
    reader: ScheduleReader

    async def __call__(self, *, name: str) -> ScheduleView:
        self.caller.require(Permission.SITES_MANAGE)
        if (found := await self.reader.find(name)) is None:
            raise ScheduleNotFoundError(f"there is no schedule {name!r}")
        return found
