"""Nobody reaches by another's account, or by a place in a group, a task that they could not reach themselves."""

import pytest

from domain.shared.caller import Caller, Permission
from domain.shared.kinds import PROJECTS, TASKS
from domain.tenancy.scope import SiteScope
from tests.contracts.access.objects import CHANGE, DELETE, SHARE, VIEW, a_project, caller, share
from tests.contracts.access.test_reach import MANAGER, MANAGES, OTHER, OWNER, VICTIM, joins, takes_over
from tests.contracts.tasks.tasks import a_task, lend
from tests.groups import a_group
from tests.world import World

EVERY_TASK = (TASKS.view, TASKS.change, TASKS.delete, TASKS.share)
EVERY_PROJECT = (PROJECTS.view, PROJECTS.change, PROJECTS.delete, PROJECTS.share)


def manager(*permissions: Permission) -> Caller:
    return caller(MANAGER, *MANAGES, *permissions)


@pytest.mark.parametrize("has", ["a task", "a lent task", "one by a group", "one to do"])
async def test_a_manager_takes_no_account_that_reaches_further(world: World, site: SiteScope, has: str) -> None:
    project = await a_project(world, site, OWNER)
    task = await a_task(world, site, project, VICTIM if has == "a task" else OWNER)
    if has == "a lent task":
        await lend(world, site, task, CHANGE, user=VICTIM)
    if has == "one by a group":
        await lend(world, site, task, CHANGE, group=await a_group(world, site, VICTIM))
    if has == "one to do":
        await a_task(world, site, project, OWNER, assignee=VICTIM)

    assert not await takes_over(world, site, VICTIM, by=manager())
    assert not await takes_over(world, site, VICTIM, by=manager(TASKS.view))
    assert await takes_over(world, site, OTHER, by=manager())
    assert await takes_over(world, site, VICTIM, by=manager(*EVERY_TASK))
    assert await takes_over(world, site, VICTIM, by=manager(*EVERY_PROJECT))


async def test_what_is_to_do_takes_as_much_as_its_status(world: World, site: SiteScope) -> None:
    """Who only sees a task would change its status in the assignee's place."""
    task = await a_task(world, site, await a_project(world, site, OWNER), OWNER, assignee=VICTIM)

    await lend(world, site, task, VIEW, user=MANAGER)
    assert not await takes_over(world, site, VICTIM, by=manager())
    await lend(world, site, task, CHANGE, user=MANAGER)
    assert await takes_over(world, site, VICTIM, by=manager())


async def test_what_a_manager_may_in_a_project_is_theirs_to_take(world: World, site: SiteScope) -> None:
    granted, own = await a_project(world, site, OWNER), await a_project(world, site, MANAGER)
    for project in (granted, own):
        await a_task(world, site, project, VICTIM)

    await share(world, site, granted, [CHANGE, DELETE], user=MANAGER)
    assert not await takes_over(world, site, VICTIM, by=manager())
    await share(world, site, granted, [CHANGE, DELETE, SHARE], user=MANAGER)
    assert await takes_over(world, site, VICTIM, by=manager())


async def test_a_project_is_not_reached_by_all_its_tasks(world: World, site: SiteScope) -> None:
    """Whose account views the project views the tasks that will be opened in it, too."""
    project = await a_project(world, site, OWNER)
    task = await a_task(world, site, project, OWNER)
    group = await a_group(world, site)
    await share(world, site, project, [VIEW], group=group)
    await lend(world, site, task, CHANGE, DELETE, SHARE, user=MANAGER)

    assert not await joins(world, site, group, by=manager(*EVERY_TASK), user=MANAGER)
    assert await joins(world, site, group, by=manager(PROJECTS.view), user=MANAGER)


async def test_a_group_to_which_a_task_was_lent_takes_as_much(world: World, site: SiteScope) -> None:
    project = await a_project(world, site, OWNER)
    task = await a_task(world, site, project, OWNER)
    group = await a_group(world, site)
    await lend(world, site, task, CHANGE, group=group)

    assert not await joins(world, site, group, by=manager(), user=OTHER)
    await share(world, site, project, [VIEW], user=MANAGER)
    assert not await joins(world, site, group, by=manager(), user=OTHER)
    await share(world, site, project, [CHANGE], user=MANAGER)
    assert await joins(world, site, group, by=manager(), user=OTHER)


async def test_whoever_has_a_task_to_do_does_not_give_its_status_to_others(world: World, site: SiteScope) -> None:
    group = await a_group(world, site)
    task = await a_task(world, site, await a_project(world, site, OWNER), OWNER, assignee=MANAGER)
    await lend(world, site, task, VIEW, group=group)
    assert await joins(world, site, group, by=manager(), user=OTHER)

    await lend(world, site, task, CHANGE, group=group)
    assert not await joins(world, site, group, by=manager(), user=OTHER)
