"""The dashboard's numbers are those that the lists would give, for everybody."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from application.access.grant_views import SEES_ALL
from application.tasks.dashboard_ports import DashboardReader
from application.tasks.dashboard_views import DashboardView, WorkloadView
from application.tasks.ports import TaskReader
from application.tasks.show_dashboard import ShowDashboard
from application.tasks.views import TaskQuery
from domain.projects.project import Project
from domain.shared.caller import Caller
from domain.shared.errors import InvalidError
from domain.tasks.task import OPEN, Task, TaskPriority, TaskStatus
from domain.tenancy.scope import SiteScope
from tests.contracts.access.objects import VIEW, a_project, caller, share
from tests.contracts.tasks.tasks import a_new_task, a_task, add, lend
from tests.domain.identity.people import NOON, a_user
from tests.domain.tasks.tasks import ADA, BOB, TODAY
from tests.world import OPERATOR, World

DAY = timedelta(days=1)
MONDAY = date(2025, 12, 29)
"""Of the week of the New Year 2026, which is 2026-W01."""


async def show(world: World, site: SiteScope, by: Caller = OPERATOR, **asked: Any) -> DashboardView:
    async with world.acting(site, by) as container:
        found = replace(await container.get(ShowDashboard), clock=lambda: NOON)
        return await found(**asked)


def some_tasks(project: Project) -> list[Task]:
    """Of every status and priority, due around the New Year, a third nobody's."""
    return [
        a_new_task(
            project,
            ADA,
            status=status,
            priority=priority,
            assignee=(None, ADA, BOB)[number % 3],
            due_date=None if number % 4 == 3 else TODAY + (number % 5 - 2) * DAY,
            completed_at=NOON - number * DAY if status is TaskStatus.DONE else None,
        )
        for number, (status, priority) in enumerate((one, other) for one in TaskStatus for other in TaskPriority)
    ]


def expected(tasks: list[Task]) -> tuple[Mapping[Any, int], int, set[WorkloadView]]:
    opened = [task for task in tasks if task.status in OPEN]
    late = [task for task in opened if task.due_date and task.due_date < TODAY]
    load, overdue = Counter(task.assignee for task in opened), Counter(task.assignee for task in late)
    numbers = Counter((task.status, task.priority) for task in opened)
    return numbers, len(late), {WorkloadView(who, number, overdue[who]) for who, number in load.items()}


def told(view: DashboardView) -> tuple[Mapping[Any, int], int, set[WorkloadView]]:
    assert [(one.status, one.priority) for one in view.open] == [(one, two) for one in OPEN for two in TaskPriority]
    numbers = Counter({(one.status, one.priority): one.count for one in view.open if one.count})
    assert len(set(view.workload)) == len(view.workload)
    return numbers, view.overdue, set(view.workload)


async def test_tells_each_what_they_may_view_and_of_which_project(world: World, site: SiteScope) -> None:
    moon, mars = await a_project(world, site, ADA), await a_project(world, site, ADA)
    in_moon, in_mars, lent = some_tasks(moon), some_tasks(mars)[3:], a_new_task(mars, ADA, title="Lent")
    await add(world, site, *in_moon, *in_mars, lent)
    await share(world, site, moon, [VIEW], user=BOB)
    await lend(world, site, lent, VIEW, user=BOB)
    everything = [*in_moon, *in_mars, lent]
    cleo = caller(a_user(3).id)
    bobs = [*in_moon, lent, *(task for task in in_mars if task.assignee == BOB)]

    for who, tasks in ((OPERATOR, everything), (caller(ADA), everything), (caller(BOB), bobs), (cleo, [])):
        assert told(await show(world, site, who)) == expected(tasks)
        for project in (moon, mars):
            view = await show(world, site, who, project=project.id)
            assert told(view) == expected([task for task in tasks if task.project == project.id])
        weeks = (await show(world, site, who, weeks=4)).done_per_week
        assert sum(one.count for one in weeks) == sum(task.status is TaskStatus.DONE for task in tasks)


async def test_what_is_overdue_is_what_the_list_says(world: World, site: SiteScope) -> None:
    await add(world, site, *some_tasks(await a_project(world, site, ADA)))
    async with world.acting(site) as container:
        reader, tasks = await container.get(DashboardReader), await container.get(TaskReader)
        for days in range(-4, 5):
            today = TODAY + days * DAY
            listed = await tasks.page(TaskQuery(overdue=True), SEES_ALL, today=today)
            assert await reader.overdue(SEES_ALL, None, today=today) == listed.count


async def test_weeks_begin_on_monday_in_utc_and_none_is_left_out(world: World, site: SiteScope) -> None:
    project = await a_project(world, site, ADA)
    start = datetime(2025, 12, 29, tzinfo=UTC)
    tick = timedelta(microseconds=1)
    times = [start, start + 7 * DAY - tick, start - tick, start - 14 * DAY, start - 14 * DAY - tick, start + 7 * DAY]
    done = [a_new_task(project, ADA, status=TaskStatus.DONE, completed_at=at) for at in times]
    await add(world, site, *done, a_new_task(project, ADA, status=TaskStatus.CANCELLED))

    view = await show(world, site, weeks=4)
    assert [(one.week, one.starts_on, one.count) for one in view.done_per_week] == [
        ("2025-W50", MONDAY - 21 * DAY, 1),
        ("2025-W51", MONDAY - 14 * DAY, 1),
        ("2025-W52", MONDAY - 7 * DAY, 1),
        ("2026-W01", MONDAY, 2),
    ]
    assert [one.count for one in (await show(world, site, weeks=1)).done_per_week] == [2]
    year = (await show(world, site, weeks=52)).done_per_week
    assert (len(year), year[0].week, sum(one.count for one in year)) == (52, "2025-W02", 5)
    assert len((await show(world, site)).done_per_week) == 12


@pytest.mark.parametrize("weeks", [0, 53, -1])
async def test_refuses_more_than_a_year(world: World, site: SiteScope, weeks: int) -> None:
    with pytest.raises(InvalidError) as refused:
        await show(world, site, weeks=weeks)
    assert refused.value.details.keys() == {"weeks"}


async def test_the_most_to_do_comes_first_and_nobodys_last_among_equals(world: World, site: SiteScope) -> None:
    project = await a_project(world, site, ADA)
    for assignee in (None, ADA, BOB, BOB):
        await a_task(world, site, project, ADA, assignee=assignee)

    assert [(one.assignee, one.open) for one in (await show(world, site)).workload] == [(BOB, 2), (ADA, 1), (None, 1)]


async def test_two_sites_never_count_each_others(world: World, site: SiteScope, other: SiteScope) -> None:
    await add(world, site, *some_tasks(await a_project(world, site, ADA)))

    assert told(await show(world, other)) == expected([])
    assert told(await show(world, other, caller(ADA))) == expected([])
