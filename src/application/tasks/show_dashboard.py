from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Final
from uuid import UUID

from application.access.object_access import ObjectAccess
from application.shared.ports import Clock
from application.tasks.dashboard_ports import DashboardReader
from application.tasks.dashboard_views import (
    FEWEST_WEEKS,
    MOST_WEEKS,
    DashboardView,
    DoneInWeekView,
    OpenTasksView,
)
from domain.shared.checks import Checks
from domain.shared.kinds import TASKS
from domain.tasks.task import OPEN, TaskPriority

_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowDashboard:
    """The tasks that the caller may view, in numbers: of one project, or of all. Days and weeks are those of UTC.

    `weeks` is how many weeks it goes back, 1 to 52, the present one included.
    """

    access: ObjectAccess
    reader: DashboardReader
    clock: Clock

    async def __call__(self, *, project: UUID | None = None, weeks: int = 12) -> DashboardView:
        checks = Checks()
        checks.require("weeks", f"is {FEWEST_WEEKS} to {MOST_WEEKS}", holds=FEWEST_WEEKS <= weeks <= MOST_WEEKS)
        checks.done()
        viewer, today = self.access.viewer(TASKS), self.clock().date()
        until = today - timedelta(days=today.weekday()) + _WEEK
        since = until - weeks * _WEEK
        opened = await self.reader.open(viewer, project)
        done = await self.reader.done_per_week(viewer, project, since=since, until=until)
        return DashboardView(
            open=[OpenTasksView(*one, opened.get(one, 0)) for one in product(OPEN, TaskPriority)],
            overdue=await self.reader.overdue(viewer, project, today=today),
            done_per_week=[_week(since + number * _WEEK, done) for number in range(weeks)],
            workload=await self.reader.workload(viewer, project, today=today),
        )


def _week(monday: date, done: Mapping[date, int]) -> DoneInWeekView:
    year, week, _ = monday.isocalendar()
    return DoneInWeekView(f"{year:04d}-W{week:02d}", monday, done.get(monday, 0))
