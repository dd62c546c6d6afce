"""The page as whoever opens it finds it."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest

from adapters.reports.html_report import HtmlReport
from application.access.grant_views import SEES_ALL
from application.reports.reader import ReportReader
from application.reports.report_contents import ReportContents, ReportSources
from application.reports.views import ProjectLine, ReportTerms, TaskLine
from application.tasks.dashboard_ports import DashboardReader
from application.tasks.dashboard_views import WorkloadView
from domain.projects.project import ProjectStatus
from domain.tasks.task import TaskPriority, TaskStatus

EVIL = "</td><script>alert('&\"')</script>{{ 7 * 7 }}"
NOW = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
BOB = UUID(int=1)


class Numbers(ReportReader, DashboardReader):
    """A report of this many projects, all with a name of the worst."""

    def __init__(self, projects: int = 2500) -> None:
        self.left = projects
        self.largest = 0

    async def statuses(self, terms: ReportTerms) -> Mapping[TaskStatus, int]:
        return {TaskStatus.TODO: 3, TaskStatus.DONE: 1}

    async def projects(self, terms: ReportTerms, after: ProjectLine | None, limit: int) -> Sequence[ProjectLine]:
        number, self.left = min(limit, self.left), max(0, self.left - limit)
        self.largest = max(self.largest, number)
        return [ProjectLine(UUID(int=5), EVIL, ProjectStatus.ON_HOLD, 1, 2, 3, 4, 5)] * number

    async def tasks(self, terms: ReportTerms, after: TaskLine | None, limit: int) -> Sequence[TaskLine]:
        return []

    async def late(self, terms: ReportTerms, limit: int) -> Sequence[TaskLine]:
        shown: dict[str, Any] = {"status": TaskStatus.TODO, "priority": TaskPriority.HIGH, "created_at": NOW}
        line = TaskLine(BOB, BOB, None, EVIL, assignee=EVIL, due_date=date(2026, 1, 1), completed_at=None, **shown)
        return [line]

    async def names(self, user_ids: object) -> Mapping[UUID, str]:
        return {BOB: EVIL}

    async def open(self, viewer: object, project: UUID | None) -> Mapping[tuple[TaskStatus, TaskPriority], int]:
        return {}

    async def overdue(self, viewer: object, project: UUID | None, *, today: date) -> int:
        return 3

    async def done_per_week(self, viewer: object, project: object, *, since: date, until: date) -> Mapping[date, int]:
        return {until - timedelta(weeks=1): 4}

    async def workload(self, viewer: object, project: UUID | None, *, today: date) -> list[WorkloadView]:
        return [WorkloadView(BOB, 2, 1), WorkloadView(None, 1, 0)]


@pytest.fixture
async def page() -> str:
    return await written(Numbers())


async def written(numbers: Numbers, project: str | None = EVIL) -> str:
    contents = ReportContents(
        terms=ReportTerms(projects=SEES_ALL, tasks=SEES_ALL, project=None, today=NOW.date()),
        sources=ReportSources(reader=numbers, dashboard=numbers),
        made_by=EVIL,
        made_at=NOW,
        project=project,
        progress=lambda done, total=None, note="": None,
    )
    chunks = [chunk async for chunk in HtmlReport("acme.example.com").chunks(contents)]
    assert max(len(chunk) for chunk in chunks) < 1 << 17
    return b"".join(chunks).decode()


def charts(page: str) -> list[ET.Element]:
    return [ET.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL)]  # noqa: S314  our own


async def test_every_chart_says_what_it_shows_to_who_cannot_see_it(page: str) -> None:
    found = charts(page)
    assert len(found) == 3
    for chart in found:
        title, desc = chart[0], chart[1]
        assert (title.tag, desc.tag, chart.get("role")) == ("title", "desc", "img")
        assert chart.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
        assert title.text
        assert desc.text
        assert desc.text.endswith(".")
    assert [desc.text for _, desc, *_ in found][:2] == [
        "3 todo (75 %), 0 in progress (0 %), 1 done (25 %), 0 cancelled (0 %).",
        "4 in 26 weeks: 2026-W48: 4.",
    ]


async def test_nothing_that_people_wrote_becomes_a_part_of_the_page(page: str) -> None:
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 2505
    assert "{{ 7 * 7 }}" in page
    assert "49" not in re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)


async def test_it_needs_nothing_from_elsewhere_and_runs_nothing(page: str) -> None:
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in page
    for outside in ("http://", "https://", "src=", "url(", "@import", "<link", "<a "):
        assert outside not in page


async def test_it_can_be_read_in_the_dark_and_on_paper(page: str) -> None:
    for way in ("prefers-color-scheme: dark", "@media print", 'name="color-scheme"'):
        assert way in page


async def test_projects_come_in_batches_and_none_is_left_out(page: str) -> None:
    numbers = Numbers(2500)
    assert (await written(numbers)).count("<td>on hold</td>") == 2500
    assert numbers.largest == 1000


async def test_what_is_more_than_is_listed_is_told(page: str) -> None:
    assert "And 2 more." in page


async def test_without_a_project_it_is_of_all() -> None:
    assert "<h1>All projects</h1>" in await written(Numbers(0), None)
