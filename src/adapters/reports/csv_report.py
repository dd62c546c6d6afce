from collections.abc import AsyncIterator
from typing import Final

from application.reports.ports import ReportWriter
from application.reports.report_contents import ReportContents
from application.reports.views import TaskLine
from application.shared.csv_lines import csv_line

COLUMNS: Final = (
    *("project_id", "project", "task_id", "title", "status", "priority", "assignee"),
    *("due_date", "overdue", "completed_at", "created_at"),
)
_CHUNK: Final = 1 << 16


class CsvReport(ReportWriter):
    """A line for each task, and one for each project that has none. Times are those of UTC."""

    content_type = "text/csv"

    async def chunks(self, contents: ReportContents) -> AsyncIterator[bytes]:
        held: list[str] = []
        size = 0
        async for line in _lines(contents):
            held.append(line)
            size += len(line)
            if size >= _CHUNK:
                yield "".join(held).encode()
                held, size = [], 0
        yield "".join(held).encode()


async def _lines(contents: ReportContents) -> AsyncIterator[str]:
    yield csv_line(COLUMNS)
    async for project in contents.projects():
        if not project.tasks:
            yield csv_line((project.id, project.name, *[None] * (len(COLUMNS) - 2)))
    async for task in contents.tasks():
        yield csv_line(_cells(task, contents))


def _cells(task: TaskLine, contents: ReportContents) -> tuple[object, ...]:
    return (
        *(task.project_id, task.project, task.id, task.title),
        *(task.status.value, task.priority.value, task.assignee, task.due_date),
        "yes" if task.is_overdue(on=contents.terms.today) else "no",
        task.completed_at and task.completed_at.isoformat(timespec="seconds"),
        task.created_at.isoformat(timespec="seconds"),
    )
