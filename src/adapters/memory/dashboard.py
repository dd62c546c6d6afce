from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, timedelta
from uuid import UUID

from adapters.memory.database import MemoryDatabase
from adapters.memory.grants import may_view
from application.access.grant_views import Viewer
from application.tasks.dashboard_ports import DashboardReader
from application.tasks.dashboard_views import WorkloadView
from domain.shared.caller import UserId
from domain.shared.kinds import TASKS
from domain.tasks.task import OPEN, Task, TaskPriority, TaskStatus
from domain.tenancy.scope import Scope


class MemoryDashboardReader(DashboardReader):
    def __init__(self, database: MemoryDatabase, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    async def open(self, viewer: Viewer, project: UUID | None) -> dict[tuple[TaskStatus, TaskPriority], int]:
        return Counter((task.status, task.priority) for task in self._tasks(viewer, project) if task.status in OPEN)

    async def overdue(self, viewer: Viewer, project: UUID | None, *, today: date) -> int:
        return sum(task.is_overdue(on=today) for task in self._tasks(viewer, project))

    async def done_per_week(self, viewer: Viewer, project: UUID | None, *, since: date, until: date) -> dict[date, int]:
        done = [task.completed_at for task in self._tasks(viewer, project) if task.completed_at is not None]
        days = [time.astimezone(UTC).date() for time in done]
        return Counter(day - timedelta(days=day.weekday()) for day in days if since <= day < until)

    async def workload(self, viewer: Viewer, project: UUID | None, *, today: date) -> list[WorkloadView]:
        opened = [task for task in self._tasks(viewer, project) if task.status in OPEN]
        late = Counter(task.assignee for task in opened if task.is_overdue(on=today))
        load = [
            WorkloadView(assignee, number, late[assignee])
            for assignee, number in Counter(task.assignee for task in opened).items()
        ]
        return sorted(load, key=lambda one: (-one.open, one.assignee is None, one.assignee or UserId(UUID(int=0))))

    def _tasks(self, viewer: Viewer, project: UUID | None) -> Iterator[Task]:
        tables = self._database.of_site(self._scope)
        for task in tables.tasks.values():
            if project in (None, task.project) and may_view(tables, TASKS, task, viewer):
                yield task
