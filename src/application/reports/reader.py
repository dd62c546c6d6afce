from collections.abc import Collection, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from application.reports.views import ProjectLine, ReportTerms, TaskLine
from domain.tasks.task import TaskStatus


class ReportReader(Protocol):
    """The projects and tasks of the site as a report has them, for whom its terms say."""

    async def statuses(self, terms: ReportTerms) -> Mapping[TaskStatus, int]:
        """How many tasks have each status; what none has is not told."""
        ...

    async def projects(self, terms: ReportTerms, after: ProjectLine | None, limit: int) -> Sequence[ProjectLine]:
        """Some by name, then by id, from the one after that on."""
        ...

    async def tasks(self, terms: ReportTerms, after: TaskLine | None, limit: int) -> Sequence[TaskLine]:
        """Some by id, from the one after that on."""
        ...

    async def late(self, terms: ReportTerms, limit: int) -> Sequence[TaskLine]:
        """Those that are overdue for the longest time, by due date, then by id."""
        ...

    async def names(self, user_ids: Collection[UUID]) -> Mapping[UUID, str]:
        """The usernames of those that are there."""
        ...
