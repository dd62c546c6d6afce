from dataclasses import dataclass
from datetime import datetime
from typing import Final

from application.jobs.kinds import JobKinds
from application.jobs.schedules.fan_out import FanOut
from application.jobs.schedules.ports import CronTimes, ScheduleRepository, UnreadableScheduleError
from application.shared.ports import Clock, UnitOfWork
from domain.jobs.schedule import Schedule, ScheduleId

_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FireSchedules:
    """Add the jobs of what is due, and say when it is due again, each schedule in one transaction.

    So none is run twice and none is lost, however many do this at once and whenever they die. What was missed runs
    once or not at all, as its schedule says. Schedules of jobs that this release does not know wait for another one.
    One that cannot be fired holds up no other.
    """

    kinds: JobKinds
    cron: CronTimes
    schedules: ScheduleRepository
    fan_out: FanOut
    work: UnitOfWork
    clock: Clock

    async def __call__(self) -> int:
        """How many were due: some of them, where there are a great many.

        Raise all that went wrong together, when the others have been fired.
        """
        failures: dict[ScheduleId, Exception] = {}
        fired = 0
        while fired < _AT_ONCE and await self._fire_one(failures):
            fired += 1
        if failures:
            raise ExceptionGroup("schedules could not be fired", list(failures.values()))
        return fired

    async def _fire_one(self, failures: dict[ScheduleId, Exception]) -> bool:
        due: Schedule | None = None
        try:
            async with self.work:
                now = self.clock()
                due = await self.schedules.find_due(self.kinds.schedulable, at=now, but=failures)
                if due is None:
                    return False
                await self._fire(due, now)
        except UnreadableScheduleError as error:
            failures[error.schedule_id] = error
        except Exception as error:
            if due is None:
                raise
            failures[due.id] = error
        return True

    async def _fire(self, schedule: Schedule, now: datetime) -> None:
        moved = schedule.move_on(at=now, cron=self.cron.next_time)
        if not schedule.is_missed(at=now):
            by = f"schedule:{schedule.plan.name}"
            if await self.fan_out(schedule, by=by, request_id=f"schedule-{schedule.id}", at=now):
                moved = moved.ran(at=now)
        await self.schedules.save_run(moved)
