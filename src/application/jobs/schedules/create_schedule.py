from dataclasses import dataclass

from application.jobs.schedules.ports import CronTimes, ScheduleRepository
from application.jobs.schedules.rules import ScheduleRules
from application.shared.ports import Clock, NewId, UnitOfWork
from domain.jobs.schedule import Schedule, ScheduleId, SchedulePlan
from domain.shared.caller import Caller, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSchedule:
    """Have a job run at times to come. For admins of the platform. `site` is the slug of the one site."""

    caller: Caller
    rules: ScheduleRules
    cron: CronTimes
    schedules: ScheduleRepository
    work: UnitOfWork
    clock: Clock
    new_id: NewId

    async def __call__(self, *, plan: SchedulePlan, site: str | None = None) -> Schedule:
        self.caller.require(Permission.SITES_MANAGE)
        now = self.clock()
        plan = await self.rules.checked(plan, site, at=now)
        schedule = Schedule(
            id=ScheduleId(self.new_id()),
            plan=plan,
            created_at=now,
            updated_at=now,
            created_by=self.caller.user_id,
            next_run_at=plan.first_time(now, self.cron.next_time),
        )
        async with self.work:
            await self.schedules.add(schedule)
        return schedule
