from dataclasses import dataclass

from application.jobs.schedules.ports import CronTimes, ScheduleRepository
from application.jobs.schedules.rules import ScheduleRules
from application.shared.ports import Clock, UnitOfWork
from domain.jobs.schedule import Schedule, ScheduleChanges, ScheduleId
from domain.shared.caller import Caller, Permission
from domain.shared.versions import require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSchedule:
    """Change some or all fields of a schedule; its times begin anew, for every scheduler at once.

    For admins of the platform. `site` is the slug of another site. With `seen`, only if the schedule still is at one
    of these versions: no update is lost unseen.
    """

    caller: Caller
    rules: ScheduleRules
    cron: CronTimes
    schedules: ScheduleRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(
        self,
        *,
        schedule_id: ScheduleId,
        changes: ScheduleChanges,
        seen: frozenset[int] | None,
        site: str | None = None,
    ) -> Schedule:
        self.caller.require(Permission.SITES_MANAGE)
        async with self.work:
            schedule = await self.schedules.get(schedule_id)
            require_version(schedule.version, seen)
            now = self.clock()
            wanted = schedule.plan.changed(changes)
            plan = await self.rules.checked(wanted, site, at=now, before=schedule.plan)
            changed = schedule.change(plan, at=now, cron=self.cron.next_time)
            await self.schedules.save(changed)
        return changed
