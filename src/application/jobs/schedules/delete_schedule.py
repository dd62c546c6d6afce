from dataclasses import dataclass

from application.jobs.schedules.ports import ScheduleRepository
from application.shared.ports import UnitOfWork
from domain.jobs.schedule import ScheduleId
from domain.shared.caller import Caller, Permission
from domain.shared.versions import require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteSchedule:
    """Have a schedule run no more; the jobs that it added stay. Not one that is built in.

    For admins of the platform. With `seen`, only if it still is at one of these versions.
    """

    caller: Caller
    schedules: ScheduleRepository
    work: UnitOfWork

    async def __call__(self, *, schedule_id: ScheduleId, seen: frozenset[int] | None) -> None:
        self.caller.require(Permission.SITES_MANAGE)
        async with self.work:
            schedule = await self.schedules.get(schedule_id)
            require_version(schedule.version, seen)
            schedule.require_deletable()
            await self.schedules.remove(schedule_id)
