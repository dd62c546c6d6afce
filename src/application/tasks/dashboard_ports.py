from collections.abc import Mapping
from datetime import date
from typing import Protocol
from uuid import UUID

from application.access.grant_views import Viewer
from application.tasks.dashboard_views import WorkloadView
from domain.tasks.task import TaskPriority, TaskStatus


class DashboardReader(Protocol):
    """The tasks of the site in numbers, for one who sees all or for one user; of one project, or of all.

    Each number is one question to the store. Where there is none, nothing is told.
    """

    async def open(self, viewer: Viewer, project: UUID | None) -> Mapping[tuple[TaskStatus, TaskPriority], int]: ...

    async def overdue(self, viewer: Viewer, project: UUID | None, *, today: date) -> int: ...

    async def done_per_week(
        self, viewer: Viewer, project: UUID | None, *, since: date, until: date
    ) -> Mapping[date, int]:
        """By the Monday of each week in UTC, from the Monday `since` until before the Monday `until`."""
        ...

    async def workload(self, viewer: Viewer, project: UUID | None, *, today: date) -> list[WorkloadView]:
        """The most open tasks first, then by the user's id; nobody's after all others with as many."""
        ...
