"""Many tasks at once: one transaction, an answer for each, and no two that wait for each other for ever."""

import asyncio
from uuid import uuid4

import pytest

from application.tasks.change_statuses import MOST_AT_ONCE, ChangeStatuses, Outcome, SeenTask
from domain.shared.caller import NotPermittedError
from domain.shared.errors import InvalidError, StaleError
from domain.shared.kinds import TaskId, TaskNotFoundError
from domain.tasks.task import TaskStatus
from domain.tenancy.scope import SiteScope
from tests.contracts.access.objects import CHANGE, VIEW, a_project, caller, share
from tests.contracts.tasks.tasks import a_new_task, a_task, add, bulk, change, shown
from tests.domain.tasks.tasks import ADA, BOB
from tests.world import OPERATOR, World

DONE, TODO = TaskStatus.DONE, TaskStatus.TODO


async def test_each_is_changed_or_told_why_not_in_the_order_in_which_they_were_named(
    world: World, site: SiteScope
) -> None:
    mine, others = await a_project(world, site, BOB), await a_project(world, site, ADA)
    seen, moved, good = [await a_task(world, site, mine, ADA) for _ in range(3)]
    hidden, visible, assigned = [await a_task(world, site, others, ADA) for _ in range(3)]
    await change(world, site, OPERATOR, assigned, assignee=BOB)
    await change(world, site, OPERATOR, moved, title="Moved on")
    await share(world, site, others, [VIEW], user=BOB)
    gone = a_new_task(mine, ADA)
    named = [good, gone, moved, visible, assigned, seen]
    outcomes = await bulk(world, site, caller(BOB), named, DONE, seen=True)

    told = [(one.task_id, type(one.refusal)) for one in outcomes]
    none = type(None)
    wanted = [none, TaskNotFoundError, StaleError, NotPermittedError, StaleError, none]
    assert told == [(task.id, kind) for task, kind in zip(named, wanted, strict=True)]
    status = {task.title: (await shown(world, site, task)).status for task in (moved, visible, hidden)}
    assert set(status.values()) == {TODO}
    for task in (good, seen):
        view = await shown(world, site, task)
        assert (view.status, view.version, view.completed_at) == (DONE, 2, view.updated_at)


async def test_what_one_may_not_view_is_not_there(world: World, site: SiteScope) -> None:
    task = await a_task(world, site, await a_project(world, site, ADA), ADA)
    (outcome,) = await bulk(world, site, caller(BOB), [task], DONE)

    assert type(outcome.refusal) is TaskNotFoundError
    assert (await shown(world, site, task)).status is TODO


async def test_to_repeat_it_changes_nothing(world: World, site: SiteScope) -> None:
    task = await a_task(world, site, await a_project(world, site, ADA), ADA)
    first = await bulk(world, site, OPERATOR, [task], DONE)
    second = await bulk(world, site, OPERATOR, [task], DONE)

    assert first == second
    assert (await shown(world, site, task)).version == 2


@pytest.mark.parametrize("number", [0, MOST_AT_ONCE + 1, -2])
async def test_refuses_none_too_many_and_one_twice(world: World, site: SiteScope, number: int) -> None:
    task = await a_task(world, site, await a_project(world, site, ADA), ADA)
    tasks = [SeenTask(task_id=TaskId(uuid4())) for _ in range(number)] or [SeenTask(task_id=task.id)] * -number
    async with world.acting(site, OPERATOR) as container:
        change_statuses = await container.get(ChangeStatuses)
        with pytest.raises(InvalidError) as refused:
            await change_statuses(tasks=tasks, status=DONE)

    assert refused.value.details.keys() == {"tasks"}
    assert (await shown(world, site, task)).status is TODO


async def test_two_in_opposite_order_never_wait_for_each_other(world: World, site: SiteScope) -> None:
    moon, mars = await a_project(world, site, ADA), await a_project(world, site, ADA)
    tasks = [a_new_task(project, ADA) for _ in range(15) for project in (moon, mars)]
    await add(world, site, *tasks)

    async def attempt(number: int) -> list[Outcome]:
        ordered = tasks if number % 2 else tasks[::-1]
        return await bulk(world, site, OPERATOR, ordered, list(TaskStatus)[number % 4])

    for _ in range(3):
        results = await asyncio.gather(*(attempt(number) for number in range(8)))
        assert [one.refusal for result in results for one in result] == [None] * 240
    statuses = {(await shown(world, site, task)).status for task in tasks}
    assert len(statuses) == 1, "one of them was the last, for every task"


async def test_an_assignee_does_their_own_in_bulk(world: World, site: SiteScope) -> None:
    project = await a_project(world, site, ADA)
    own, other = await a_task(world, site, project, ADA, assignee=BOB), await a_task(world, site, project, ADA)
    outcomes = await bulk(world, site, caller(BOB), [own, other], DONE)

    assert [type(one.refusal) for one in outcomes] == [type(None), TaskNotFoundError]
    await share(world, site, project, [CHANGE], user=BOB)
    assert [one.refusal for one in await bulk(world, site, caller(BOB), [own, other], DONE)] == [None, None]
