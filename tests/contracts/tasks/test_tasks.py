import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from application.access.grant_views import SEES_ALL
from application.projects.ports import ProjectRepository
from application.shared.page import PageRequest, Period
from application.tasks.ports import TaskReader, TaskRepository
from application.tasks.views import TaskOrder, TaskQuery, TaskView
from domain.projects.project import Project, ProjectStatus
from domain.shared.caller import UserId
from domain.shared.kinds import ProjectId, TaskNotFoundError
from domain.tasks.task import Task, TaskChanges, TaskPriority, TaskStatus, UnknownPersonError, UnknownProjectError
from domain.tenancy.scope import SiteScope
from tests.contracts.access.objects import a_new_project, a_project, caller, transaction
from tests.contracts.tasks.tasks import a_new_task, a_task, add, change, open_task, shown, titles
from tests.domain.identity.people import NOON
from tests.domain.tasks.tasks import ADA, BOB, TODAY
from tests.world import OPERATOR, PLATFORM, World

DAY = timedelta(days=1)
NOBODY = UserId(uuid4())


async def read(world: World, site: SiteScope, **query: Any) -> tuple[int, list[TaskView]]:
    """What is there on the first day of 2026."""
    async with world.acting(site) as container:
        page = await (await container.get(TaskReader)).page(TaskQuery(**query), SEES_ALL, today=TODAY)
    return page.count, page.results


async def test_gives_back_what_was_added(world: World, site: SiteScope) -> None:
    project = await a_project(world, site, ADA)
    task = await a_task(world, site, project, ADA, assignee=BOB, due_date=date(9999, 12, 31))

    async with transaction(world, site) as container:
        repository = await container.get(TaskRepository)
        assert await repository.get(task.id) == task
        assert await repository.get_each([a_new_task(project, ADA).id, task.id]) == [task]
    assert await shown(world, site, task) == TaskView.of(task)


async def test_saves_every_field(world: World, site: SiteScope) -> None:
    moon, mars = await a_project(world, site, ADA), await a_project(world, site, ADA, "Mars")
    task = await a_task(world, site, moon, ADA, assignee=BOB)
    changed = task.change(
        TaskChanges(
            project=mars.id,
            title="Brush",
            description="",
            status=TaskStatus.DONE,
            priority=TaskPriority.URGENT,
            assignee=None,
            due_date=TODAY,
            owner=BOB,
        ),
        at=NOON + DAY,
    )
    async with transaction(world, site) as container:
        await (await container.get(TaskRepository)).save(changed)

    assert await shown(world, site, task) == TaskView.of(changed)


async def test_two_sites_never_see_each_others(world: World, site: SiteScope, other: SiteScope) -> None:
    here, there = await a_project(world, site, ADA), await a_project(world, other, ADA)
    task = await a_task(world, site, here, ADA)

    assert await titles(world, other) == []
    with pytest.raises(TaskNotFoundError):
        await shown(world, other, task)
    with pytest.raises(UnknownProjectError):
        await add(world, other, a_new_task(here, ADA))
    with pytest.raises(UnknownPersonError):
        await add(world, other, a_new_task(there, ADA, assignee=BOB))
    with pytest.raises(TaskNotFoundError):
        await change(world, other, OPERATOR, task, title="Theirs")
    async with world.acting(other) as container:
        repository = await container.get(TaskRepository)
        for attempt in (repository.get(task.id), repository.save(task), repository.remove(task.id)):
            with pytest.raises(TaskNotFoundError):
                await attempt
    assert await titles(world, site) == ["Paint"]


async def test_the_platform_has_no_tasks(world: World) -> None:
    with pytest.raises((LookupError, RuntimeError)):
        await titles(world, PLATFORM)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"owner": NOBODY}, "owner"), ({"assignee": NOBODY}, "assignee"), ({"project": ProjectId(uuid4())}, "project")],
)
async def test_a_failed_transaction_leaves_nothing(
    world: World, site: SiteScope, wrong: dict[str, Any], field: str
) -> None:
    project = await a_project(world, site, ADA)
    task = a_new_task(project, ADA)
    await add(world, site, task)
    bad = TaskChanges(**wrong)
    with pytest.raises((UnknownPersonError, UnknownProjectError)) as refused:
        await add(world, site, a_new_task(project, ADA), a_new_task(project, ADA).change(bad, at=NOON))
    assert refused.value.details.keys() == {field}
    with pytest.raises((UnknownPersonError, UnknownProjectError)):
        await change(world, site, OPERATOR, task, **wrong)

    assert await titles(world, site) == ["Paint"]
    assert (await shown(world, site, task)).version == 1


async def test_no_update_is_lost_under_concurrency(world: World, site: SiteScope) -> None:
    task = await a_task(world, site, await a_project(world, site, ADA), ADA)

    await asyncio.gather(*(change(world, site, OPERATOR, task, description=str(number)) for number in range(12)))
    assert (await shown(world, site, task)).version == 13


def _some(project: Project, another: Project) -> list[Task]:
    """One for each status and priority, with and without dates; two alike but for their ids."""
    made = [
        a_new_task(
            (project, another)[number % 2],
            (ADA, BOB)[number // 2 % 2],
            title="dacb"[number % 4],
            description=f"{number}% of A_b",
            status=list(TaskStatus)[number % 4],
            priority=list(TaskPriority)[number * 3 // 2 % 4],
            completed_at=NOON + number * DAY if number % 4 == 2 else None,
            assignee=(None, ADA, BOB)[number % 3],
            due_date=None if number % 5 == 4 else TODAY + (number - 4) * DAY,
            created_at=NOON + number * DAY,
        )
        for number in range(8)
    ]
    return [*made, a_new_task(project, ADA), a_new_task(project, ADA)]


RANKS: dict[str, list[Any]] = {"status": list(TaskStatus), "priority": list(TaskPriority)}


@pytest.mark.parametrize("ordering", list(TaskOrder))
async def test_orders_and_breaks_ties_the_same_way_everywhere(
    world: World, site: SiteScope, ordering: TaskOrder
) -> None:
    tasks = _some(await a_project(world, site, ADA), await a_project(world, site, ADA))
    await add(world, site, *tasks)

    def key(task: TaskView) -> tuple[Any, ...]:
        field = ordering.value.removeprefix("-")
        value = getattr(task, field)
        value = RANKS[field].index(value) if field in RANKS else value
        return (value is None, value or 0, task.id) if value is None else (False, value, task.id)

    expected = sorted(map(TaskView.of, tasks), key=key, reverse=ordering.value.startswith("-"))
    assert await read(world, site, ordering=ordering) == (10, expected)


FILTERS: dict[str, tuple[dict[str, Any], Callable[[Task], bool]]] = {
    "status": ({"status": TaskStatus.DONE}, lambda task: task.status is TaskStatus.DONE),
    "priority": ({"priority": TaskPriority.URGENT}, lambda task: task.priority is TaskPriority.URGENT),
    "assignee": ({"assignee": BOB}, lambda task: task.assignee == BOB),
    "unassigned": ({"unassigned": True}, lambda task: task.assignee is None),
    "assigned": ({"unassigned": False}, lambda task: task.assignee is not None),
    "owner": ({"owner": BOB}, lambda task: task.owner == BOB),
    "due from": ({"due_from": TODAY}, lambda task: task.due_date is not None and task.due_date >= TODAY),
    "due until": ({"due_until": TODAY}, lambda task: task.due_date is not None and task.due_date <= TODAY),
    "overdue": ({"overdue": True}, lambda task: task.is_overdue(on=TODAY)),
    "in time": ({"overdue": False}, lambda task: not task.is_overdue(on=TODAY)),
    "completed from": (
        {"completed": Period(start=NOON + 3 * DAY)},
        lambda task: task.completed_at is not None and task.completed_at >= NOON + 3 * DAY,
    ),
    "completed until": (
        {"completed": Period(end=NOON + 3 * DAY)},
        lambda task: task.completed_at is not None and task.completed_at <= NOON + 3 * DAY,
    ),
    "created": (
        {"created": Period(start=NOON + DAY, end=NOON + 3 * DAY)},
        lambda task: NOON + DAY <= task.created_at <= NOON + 3 * DAY,
    ),
    "title": ({"search": "C"}, lambda task: "c" in task.title),
    "description": ({"search": "a_B"}, lambda task: "A_b" in task.description),
    "literally": ({"search": "2%"}, lambda task: "2%" in task.description),
    "two at once": (
        {"assignee": ADA, "overdue": False},
        lambda task: task.assignee == ADA and not task.is_overdue(on=TODAY),
    ),
}


@pytest.mark.parametrize("name", FILTERS)
async def test_filters(world: World, site: SiteScope, name: str) -> None:
    moon, mars = await a_project(world, site, ADA), await a_project(world, site, ADA)
    tasks = _some(moon, mars)
    await add(world, site, *tasks)
    query, matches = FILTERS[name]

    wanted = {task.id for task in tasks if matches(task)}
    count, found = await read(world, site, **query)
    assert 0 < len(wanted) < len(tasks)
    assert ({task.id for task in found}, count) == (wanted, len(wanted))
    in_mars = {task.id for task in tasks if matches(task) and task.project == mars.id}
    assert {task.id for task in (await read(world, site, project=mars.id, **query))[1]} == in_mars


async def test_searches_title_and_description_each_by_itself(world: World, site: SiteScope) -> None:
    await a_task(world, site, await a_project(world, site, ADA), ADA, title="Paint", description="White\nwall")

    found = [(await read(world, site, search=text))[0] for text in ("white\nwall", "paint\nwhite", "tWhite")]
    assert found == [1, 0, 0]


@pytest.mark.parametrize("status", list(ProjectStatus))
async def test_the_status_of_a_project_closes_nothing(world: World, site: SiteScope, status: ProjectStatus) -> None:
    project = replace(a_new_project(ADA), status=status)
    async with transaction(world, site) as container:
        await (await container.get(ProjectRepository)).add(project)

    task = await open_task(world, site, caller(ADA), project)
    assert (await change(world, site, caller(ADA), task, status=TaskStatus.DONE)).completed_at is not None


async def test_counts_what_matches_on_every_page(world: World, site: SiteScope) -> None:
    await add(world, site, *_some(await a_project(world, site, ADA), await a_project(world, site, ADA)))

    pages = [
        await read(world, site, status=TaskStatus.TODO, page=PageRequest(number=number, size=3)) for number in (1, 2, 3)
    ]
    assert [(count, len(found)) for count, found in pages] == [(4, 3), (4, 1), (4, 0)]
