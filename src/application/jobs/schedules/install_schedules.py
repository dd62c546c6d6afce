from collections.abc import Mapping
from dataclasses import dataclass
from typing import NewType

from application.jobs.schedules.ports import CronTimes, ScheduleRepository
from application.shared.ports import Clock, NewId, UnitOfWork
from domain.jobs.schedule import Schedule, ScheduleId, SchedulePlan

BuiltInSchedules = NewType("BuiltInSchedules", Mapping[str, SchedulePlan])
"""What the platform brings, by keys that never change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallSchedules:
    """Add the schedules that the platform brings and does not have yet.

    What people changed of them stays as they want it. Safe to repeat.
    """

    builtin: BuiltInSchedules
    cron: CronTimes
    schedules: ScheduleRepository
    work: UnitOfWork
    clock: Clock
    new_id: NewId

    async def __call__(self) -> None:
        now = self.clock()
        async with self.work:
            for key, plan in self.builtin.items():
                schedule = Schedule(
                    id=ScheduleId(self.new_id()),
                    plan=plan,
                    builtin=key,
                    created_at=now,
                    updated_at=now,
                    created_by=None,
                    next_run_at=plan.first_time(now, self.cron.next_time),
                )
                await self.schedules.install(schedule)
