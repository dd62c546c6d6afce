"""The desk of whoever writes schedules, and the clock that fires them."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from application.jobs.read_jobs import ListJobs
from application.jobs.schedules.create_schedule import CreateSchedule
from application.jobs.schedules.fire_schedules import FireSchedules
from application.jobs.schedules.ports import ScheduleRepository
from application.jobs.schedules.read_schedules import ListSchedules, ShowSchedule
from application.jobs.schedules.views import ScheduleQuery, ScheduleView
from application.jobs.views import JobQuery, JobView
from application.shared.page import PageRequest
from application.shared.ports import UnitOfWork
from domain.jobs.schedule import Schedule, ScheduleId
from tests.domain.jobs.schedules import a_plan
from tests.world import OPERATOR, World


@dataclass(frozen=True, slots=True)
class ScheduleDesk:
    """On the platform, as its operator."""

    world: World
    created: list[Schedule] = field(default_factory=list)

    async def __call__(self, use_case: type[Any], caller: Any = OPERATOR, **arguments: Any) -> Any:
        async with self.world.acting(caller=caller) as container:
            return await (await container.get(use_case))(**arguments)

    async def create(self, *, site: str | None = None, **fields: Any) -> Schedule:
        """Of a name that no other world on this database has."""
        plan = a_plan(**{"name": f"nightly-{uuid4()}"} | fields)
        created: Schedule = await self(CreateSchedule, plan=plan, site=site)
        self.created.append(created)
        return created

    async def clear(self) -> None:
        """Leave nothing to other worlds on the same database, that they would run: nothing built in either."""
        query = ScheduleQuery(page=PageRequest(size=1000))
        found = (await self(ListSchedules, query=query)).results
        ours = [one.id for one in self.created] + [ScheduleId(one.id) for one in found if one.is_builtin]
        async with self.world.acting() as container, await container.get(UnitOfWork):
            for schedule_id in ours:
                await (await container.get(ScheduleRepository)).remove(schedule_id)

    async def shown(self, schedule: Schedule) -> ScheduleView:
        shown: ScheduleView = await self(ShowSchedule, schedule_id=schedule.id)
        return shown

    async def fire(self) -> None:
        """Whatever is due, until nothing is."""
        while await self(FireSchedules):
            pass

    async def jobs(self, schedule: Schedule) -> list[JobView]:
        """Those that it added."""
        async with self.world.acting() as container:
            query = JobQuery(name=schedule.plan.job, page=PageRequest(size=10_000))
            found = (await (await container.get(ListJobs))(query)).results
        ours = f"schedule:{schedule.plan.name}"
        return [one for one in found if one.asked_by.label.split(" by ")[0] == ours]
