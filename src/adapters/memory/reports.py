from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from operator import attrgetter
from uuid import UUID

from adapters.memory.grants import may_view
from adapters.memory.scoped import OfSite
from application.reports.reader import ReportReader
from application.reports.views import ProjectLine, ReportTerms, TaskLine
from domain.projects.project import PROJECTS, Project
from domain.shared.kinds import TASKS
from domain.tasks.task import Task, TaskStatus


class MemoryReportReader(OfSite, ReportReader):
    async def statuses(self, terms: ReportTerms) -> Mapping[TaskStatus, int]:
        return Counter(task.status for task in self._seen(terms))

    async def projects(self, terms: ReportTerms, after: ProjectLine | None, limit: int) -> list[ProjectLine]:
        place = (after.name, after.id) if after else ("", UUID(int=0))
        found = [one for one in self._projects(terms) if (one.name, one.id) > place]
        return [self._numbers(one, terms) for one in sorted(found, key=attrgetter("name", "id"))[:limit]]

    async def tasks(self, terms: ReportTerms, after: TaskLine | None, limit: int) -> list[TaskLine]:
        found = [one for one in self._seen(terms) if after is None or one.id > after.id]
        return [self._line(one, terms) for one in sorted(found, key=attrgetter("id"))[:limit]]

    async def late(self, terms: ReportTerms, limit: int) -> list[TaskLine]:
        found = [one for one in self._seen(terms) if one.is_overdue(on=terms.today)]
        return [self._line(one, terms) for one in sorted(found, key=attrgetter("due_date", "id"))[:limit]]

    async def names(self, user_ids: Collection[UUID]) -> Mapping[UUID, str]:
        return {user.id: user.username for user in self._tables.users.values() if user.id in user_ids}

    def _projects(self, terms: ReportTerms) -> Iterator[Project]:
        tables = self._tables
        for one in tables.projects.values():
            if terms.project in (None, one.id) and may_view(tables, PROJECTS, one, terms.projects):
                yield one

    def _seen(self, terms: ReportTerms) -> Iterator[Task]:
        tables = self._tables
        for one in tables.tasks.values():
            if terms.project in (None, one.project) and may_view(tables, TASKS, one, terms.tasks):
                yield one

    def _numbers(self, project: Project, terms: ReportTerms) -> ProjectLine:
        tasks = [task for task in self._tables.tasks.values() if task.project == project.id]
        numbers = Counter(task.status for task in tasks)
        late = sum(task.is_overdue(on=terms.today) for task in tasks)
        todo, doing, done, cancelled = (numbers[one] for one in TaskStatus)
        return ProjectLine(project.id, project.name, project.status, todo, doing, done, cancelled, late)

    def _line(self, task: Task, terms: ReportTerms) -> TaskLine:
        tables = self._tables
        project = tables.projects[task.project]
        return TaskLine(
            id=task.id,
            project_id=project.id,
            project=project.name if may_view(tables, PROJECTS, project, terms.projects) else None,
            title=task.title,
            status=task.status,
            priority=task.priority,
            assignee=tables.users[task.assignee].username if task.assignee else None,
            due_date=task.due_date,
            completed_at=task.completed_at,
            created_at=task.created_at,
        )
