"""The history of tasks: who is told, as it was, back by the rules of a change, and back from deletion."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from application.audit.ports import TrackedResource
from application.identity.delete_user import DeleteUser
from application.projects.project_history import ProjectHistory
from application.tasks.task_history import TaskHistory
from domain.audit.entry import CannotRevertError, NotThenError
from domain.projects.project import Project
from domain.shared.caller import Caller, NotPermittedError, Permission, UserId
from domain.shared.errors import StaleError
from domain.shared.grantable import ObjectPermission
from domain.shared.kinds import PROJECTS, TASKS, TaskNotFoundError
from domain.tasks.task import Task, TaskPriority, TaskStatus
from domain.tenancy.scope import SiteScope
from tests.contracts.access.objects import CHANGE, VIEW, a_project, caller, share
from tests.contracts.audit.objects import Records
from tests.contracts.tasks.conftest import other, site
from tests.contracts.tasks.tasks import change, delete, delete_project, lend, open_task, shown
from tests.world import OPERATOR, World

__all__ = ["other", "site"]
CREATE = Permission.TASKS_CREATE
TICK = timedelta(microseconds=1)


def told(
    world: World, site: SiteScope, who: Caller = OPERATOR, resource: type[TrackedResource] = TaskHistory
) -> Records:
    return Records(world=world, scope=site, resource=resource, who=who)


async def scene(world: World, site: SiteScope, **fields: Any) -> tuple[UserId, UserId, Project, Task]:
    """Ada, Bob, Ada's project, and her task in it."""
    ada, bob = [(await world.user(site, name)).id for name in ("ada", "bob")]
    moon = await a_project(world, site, ada)
    return ada, bob, moon, await open_task(world, site, caller(ada), moon, **fields)


async def test_tells_each_field_in_the_words_of_a_task(world: World, site: SiteScope) -> None:
    ada, bob, moon, task = await scene(world, site)
    due = date(2026, 3, 6)
    await change(world, site, caller(ada), task, assignee=bob, due_date=due, priority=TaskPriority.HIGH)
    await change(world, site, caller(bob), task, status=TaskStatus.DONE)
    made, given, done = await told(world, site, caller(bob)).entries(task_id=task.id)

    assert made.changes["project"] == (None, str(moon.id))
    assert given.changes["assignee"] == (None, str(bob))
    assert given.changes["due_date"] == (None, "2026-03-06")
    assert given.changes["priority"] == ("normal", "high")
    assert given.changes.keys() == {"assignee", "due_date", "priority", "version", "updated_at"}
    assert done.changes["status"] == ("todo", "done")
    completed = (await shown(world, site, task)).completed_at
    assert done.changes["completed_at"] == (None, completed)
    past = await told(world, site).past(done.at - TICK, task_id=task.id)
    assert (past["due_date"], past["status"], past["completed_at"]) == ("2026-03-06", "todo", None)
    assert past.keys() == made.changes.keys()
    with pytest.raises(NotThenError):
        await told(world, site).past(made.at - TICK, task_id=task.id)


async def test_who_may_view_the_task_sees_its_history_and_nobody_else(
    world: World, site: SiteScope, other: SiteScope
) -> None:
    ada, bob, moon, task = await scene(world, site)
    cleo, eve = [(await world.user(site, name)).id for name in ("cleo", "eve")]
    await lend(world, site, task, VIEW, user=bob)
    await share(world, site, moon, [ObjectPermission.VIEW], user=cleo)
    made = (await told(world, site).entries(task_id=task.id))[0]

    for who in (caller(ada), caller(bob), caller(cleo), caller(eve, PROJECTS.view), caller(eve, TASKS.view)):
        assert len(await told(world, site, who).entries(task_id=task.id)) == 1
    for foreign in (told(world, site, caller(eve)), told(world, other)):
        with pytest.raises(TaskNotFoundError):
            await foreign.page(task_id=task.id)
        with pytest.raises(TaskNotFoundError):
            await foreign.entry(made.id, task_id=task.id)
        with pytest.raises(TaskNotFoundError):
            await foreign.past(made.at, task_id=task.id)
        with pytest.raises(TaskNotFoundError):
            await foreign.revert(made.id, task_id=task.id)
    await delete(world, site, OPERATOR, task)
    for who in (caller(eve, PROJECTS.view), caller(eve, TASKS.view)):
        assert len(await told(world, site, who).entries(task_id=task.id)) == 2
    for who in (caller(ada), caller(bob), caller(cleo)):
        with pytest.raises(TaskNotFoundError):
            await told(world, site, who).page(task_id=task.id)


async def test_back_is_by_the_rules_of_a_change(world: World, site: SiteScope) -> None:
    ada, bob, moon, task = await scene(world, site)
    cleo = (await world.user(site, "cleo")).id
    mars = await a_project(world, site, ada, "Mars")
    await share(world, site, moon, [ObjectPermission.VIEW], user=cleo)
    await change(world, site, caller(ada), task, assignee=bob, status=TaskStatus.DONE, due_date=date(2026, 3, 6))
    await change(world, site, caller(ada), task, project=mars.id, owner=cleo)
    await change(world, site, caller(ada), task, assignee=None, status=TaskStatus.TODO, due_date=None)
    made, done, moved, _ = await told(world, site).entries(task_id=task.id)

    editor = caller(cleo)
    await lend(world, site, task, VIEW, CHANGE, user=bob)
    with pytest.raises(NotPermittedError):  # to name another assignee takes `share`
        await told(world, site, caller(bob)).revert(moved.id, task_id=task.id)
    with pytest.raises(NotPermittedError):  # to move it takes a place in the project of then
        await told(world, site, editor).revert(made.id, task_id=task.id)
    back = await told(world, site, editor).revert(moved.id, task_id=task.id)
    assert back.changes["due_date"] == (None, "2026-03-06")
    assert back.changes["assignee"] == (None, str(bob))
    assert back.changes["status"] == ("todo", "done")
    assert back.changes["completed_at"][1] > done.changes["completed_at"][1]
    with pytest.raises(NotPermittedError):  # its owner alone gives it away
        await told(world, site, caller(ada)).revert(done.id, task_id=task.id)
    first = await told(world, site).revert(made.id, task_id=task.id)
    assert first.changes["project"] == (str(mars.id), str(moon.id))
    assert first.changes["owner"] == (str(cleo), str(ada))
    assert first.changes["completed_at"][1] is None
    assert (await shown(world, site, task)).status is TaskStatus.TODO


async def test_an_assignee_takes_back_a_status_alone(world: World, site: SiteScope) -> None:
    ada, bob, _, task = await scene(world, site)
    await change(world, site, caller(ada), task, assignee=bob)
    await change(world, site, caller(bob), task, status=TaskStatus.DONE)
    _, given, done = await told(world, site).entries(task_id=task.id)
    await told(world, site, caller(bob)).revert(given.id, task_id=task.id)
    await change(world, site, caller(ada), task, title="Paint twice")
    with pytest.raises(NotPermittedError):
        await told(world, site, caller(bob)).revert(done.id, task_id=task.id)


async def test_a_project_or_a_user_of_then_who_is_gone_is_told(world: World, site: SiteScope) -> None:
    ada, bob, moon, task = await scene(world, site)
    mars = await a_project(world, site, ada, "Mars")
    await change(world, site, caller(ada), task, assignee=bob)
    await change(world, site, caller(ada), task, project=mars.id, assignee=None)
    async with world.acting(site) as container:
        await (await container.get(DeleteUser))(user_id=bob, seen=None)
    made, given, _ = await told(world, site).entries(task_id=task.id)
    with pytest.raises(CannotRevertError, match="assignee"):
        await told(world, site).revert(given.id, task_id=task.id)
    await delete_project(world, site, moon)
    with pytest.raises(CannotRevertError, match="project"):
        await told(world, site).revert(made.id, task_id=task.id)


async def test_what_was_deleted_is_made_anew_under_its_id(world: World, site: SiteScope) -> None:
    ada, bob, moon, task = await scene(world, site, due_date=date(2026, 3, 6))
    await change(world, site, caller(ada), task, status=TaskStatus.DONE, assignee=bob)
    cleo = (await world.user(site, "cleo")).id
    await lend(world, site, task, VIEW, CHANGE, user=cleo)
    before = await shown(world, site, task)
    await delete(world, site, caller(ada), task)
    gone = (await told(world, site).entries(task_id=task.id))[-1]
    with pytest.raises(StaleError):
        await told(world, site).revert(gone.id, frozenset({2}), task_id=task.id)
    back = await told(world, site).revert(gone.id, task_id=task.id)

    assert (back.operation, back.changes["version"]) == ("insert", (None, 3))
    now = await shown(world, site, task)
    assert (now.completed_at, now.due_date, now.assignee, now.owner) == (
        before.completed_at,
        date(2026, 3, 6),
        bob,
        ada,
    )
    assert (now.created_at, now.created_by, now.project) == (before.created_at, ada, moon.id)
    with pytest.raises(TaskNotFoundError):
        await shown(world, site, task, caller(cleo))


@pytest.mark.parametrize("missing", [TASKS.view, CREATE, TASKS.change])
async def test_making_anew_takes_what_opening_for_another_takes(world: World, site: SiteScope, missing: Any) -> None:
    _, bob, moon, task = await scene(world, site)
    await share(world, site, moon, [ObjectPermission.VIEW], user=bob)
    await delete(world, site, OPERATOR, task)
    gone = (await told(world, site).entries(task_id=task.id))[-1]
    needed = {TASKS.view, CREATE, TASKS.change}
    with pytest.raises((NotPermittedError, TaskNotFoundError)):
        await told(world, site, caller(bob, *(needed - {missing}))).revert(gone.id, task_id=task.id)
    await told(world, site, caller(bob, *needed)).revert(gone.id, task_id=task.id)


async def test_comes_back_into_a_project_that_is_there_alone(world: World, site: SiteScope) -> None:
    """Neither does a project bring its tasks back: each is another step."""
    _, _, moon, task = await scene(world, site)
    await delete_project(world, site, moon, with_tasks=True)
    gone = (await told(world, site).entries(task_id=task.id))[-1]
    with pytest.raises(CannotRevertError, match="project"):
        await told(world, site).revert(gone.id, task_id=task.id)
    projects = told(world, site, resource=ProjectHistory)
    end = (await projects.entries(project_id=moon.id))[-1]
    await projects.revert(end.id, project_id=moon.id)
    with pytest.raises(TaskNotFoundError):
        await shown(world, site, task)
    await told(world, site).revert(gone.id, task_id=task.id)
    assert (await shown(world, site, task)).project == moon.id


async def test_of_two_who_make_it_anew_one_does(world: World, site: SiteScope) -> None:
    _, _, _, task = await scene(world, site)
    await delete(world, site, OPERATOR, task)
    gone = (await told(world, site).entries(task_id=task.id))[-1]
    results = await asyncio.gather(
        *(told(world, site).revert(gone.id, task_id=task.id) for _ in range(4)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in results) == ["HistoryEntryView", *["NothingToRevertError"] * 3]
