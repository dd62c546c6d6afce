from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from application.reports.reader import ReportReader
from application.reports.views import ProjectLine, ReportSummary, ReportTerms, TaskLine, WorkloadLine
from application.shared.jobs import Progress
from application.tasks.dashboard_ports import DashboardReader
from application.tasks.dashboard_views import DoneInWeekView

_SOME: Final = 1000
_WEEKS: Final = 26
_LATE: Final = 50
_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSources:
    reader: ReportReader
    dashboard: DashboardReader


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContents:
    """What a report has to tell, read while it is written; what changes meanwhile may be in it or not."""

    terms: ReportTerms
    sources: ReportSources
    made_by: str
    made_at: datetime
    project: str | None
    progress: Progress

    async def summary(self) -> ReportSummary:
        terms, reader = self.terms, self.sources.reader
        return ReportSummary(
            made_by=self.made_by,
            made_at=self.made_at,
            project=self.project,
            statuses=await reader.statuses(terms),
            overdue=await self.sources.dashboard.overdue(terms.tasks, terms.project, today=terms.today),
            done_per_week=await self._done_per_week(),
            workload=await self._workload(),
            late=await reader.late(terms, _LATE),
        )

    async def projects(self) -> AsyncIterator[ProjectLine]:
        """Those that may be viewed, by name."""
        after: ProjectLine | None = None
        done = 0
        while some := await self.sources.reader.projects(self.terms, after, _SOME):
            for one in some:
                yield one
            after, done = some[-1], done + len(some)
            self.progress(done, note="projects")

    async def tasks(self) -> AsyncIterator[TaskLine]:
        """Those that may be viewed, the oldest first."""
        total = sum((await self.sources.reader.statuses(self.terms)).values())
        after: TaskLine | None = None
        done = 0
        while some := await self.sources.reader.tasks(self.terms, after, _SOME):
            for one in some:
                yield one
            after, done = some[-1], done + len(some)
            self.progress(done, max(total, done), note="tasks")

    async def _done_per_week(self) -> list[DoneInWeekView]:
        terms = self.terms
        until = terms.today - timedelta(days=terms.today.weekday()) + _WEEK
        since = until - _WEEKS * _WEEK
        done = await self.sources.dashboard.done_per_week(terms.tasks, terms.project, since=since, until=until)
        return [_week(since + number * _WEEK, done) for number in range(_WEEKS)]

    async def _workload(self) -> list[WorkloadLine]:
        terms = self.terms
        load = await self.sources.dashboard.workload(terms.tasks, terms.project, today=terms.today)
        names = await self.sources.reader.names([one.assignee for one in load if one.assignee is not None])
        return [WorkloadLine(names.get(one.assignee) if one.assignee else None, one.open, one.overdue) for one in load]


def _week(monday: date, done: Mapping[date, int]) -> DoneInWeekView:
    year, week, _ = monday.isocalendar()
    return DoneInWeekView(f"{year:04d}-W{week:02d}", monday, done.get(monday, 0))
