from dataclasses import dataclass

from application.jobs.schedules.fan_out import FanOut
from application.jobs.schedules.ports import ScheduleRepository
from application.jobs.schedules.views import ScheduleStart
from application.shared.ports import Clock, UnitOfWork
from application.shared.trail import TrailSource
from domain.jobs.job import JobExistsError
from domain.jobs.schedule import ScheduleId, ScheduleScope, UnknownScheduledJobError
from domain.shared.caller import Caller, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSchedule:
    """Have the job of a schedule run now, enabled or not; when it runs next stays as it is.

    For admins of the platform. Raise `JobExistsError` where it has one job and the last run has not ended, or its site
    is not open; `UnknownScheduledJobError`.
    """

    caller: Caller
    schedules: ScheduleRepository
    fan_out: FanOut
    work: UnitOfWork
    clock: Clock
    trail: TrailSource

    async def __call__(self, *, schedule_id: ScheduleId) -> ScheduleStart:
        self.caller.require(Permission.SITES_MANAGE)
        async with self.work:
            schedule, now = await self.schedules.get(schedule_id), self.clock()
            if schedule.plan.job not in self.fan_out.kinds.schedulable:
                raise UnknownScheduledJobError(f"this release has no job {schedule.plan.job!r} to schedule")
            by = f"schedule:{schedule.plan.name} by {self.caller.label}"
            added = await self.fan_out(schedule, by=by, request_id=self.trail().request_id, at=now)
            is_one = schedule.plan.scope is not ScheduleScope.ALL_SITES
            if is_one and not added:
                raise JobExistsError("the last run of this schedule has not ended, or its site is not open")
            if added:
                await self.schedules.save_run(schedule.ran(at=now))
        return ScheduleStart(len(added), added[0] if is_one else None)
