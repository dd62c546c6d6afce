"""What nobody gets by assigning, moving or handing over a task, on memory."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from application.identity.ports import UserRepository
from application.shared.ports import UnitOfWork
from domain.projects.project import Project
from domain.shared.caller import Caller, NotPermittedError, Permission
from domain.shared.grantable import ObjectPermission
from domain.shared.kinds import PROJECTS, TASKS, TaskNotFoundError
from domain.tasks.task import Task, TaskStatus, UnknownProjectError
from domain.tenancy.scope import SiteScope
from tests.contracts.access.objects import CHANGE, DELETE, SHARE, VIEW, a_project, caller, share
from tests.contracts.tasks.tasks import a_task, bulk, change, lend, open_task, shown
from tests.domain.identity.people import a_user
from tests.domain.tasks.tasks import ADA, BOB
from tests.world import World, memory_world

CLEO = a_user(3).id


@dataclass(frozen=True)
class Work:
    """Ada's project Moon with a task, and Bob's project Mars."""

    world: World
    site: SiteScope
    moon: Project
    mars: Project
    task: Task

    async def change(self, by: Caller, **fields: Any) -> Task:
        return await change(self.world, self.site, by, self.task, **fields)

    async def let_bob(self, *permissions: ObjectPermission) -> Caller:
        await lend(self.world, self.site, self.task, *permissions, user=BOB)
        return caller(BOB)


@pytest.fixture
async def work() -> AsyncIterator[Work]:
    async with memory_world() as world:
        site = await world.site()
        async with world.acting(site) as container, await container.get(UnitOfWork):
            for number in (1, 2, 3):
                await (await container.get(UserRepository)).add(a_user(number))
        moon, mars = await a_project(world, site, ADA), await a_project(world, site, BOB, "Mars")
        yield Work(world, site, moon, mars, await a_task(world, site, moon, ADA))


async def test_who_may_not_share_a_task_shows_it_to_nobody_by_assigning_it(work: Work) -> None:
    bob = await work.let_bob(CHANGE)
    for assignee in (CLEO, BOB):
        with pytest.raises(NotPermittedError, match="share this task"):
            await work.change(bob, assignee=assignee)
    with pytest.raises(TaskNotFoundError):
        await shown(work.world, work.site, work.task, caller(CLEO))

    await work.change(caller(ADA), assignee=CLEO)
    assert (await shown(work.world, work.site, work.task, caller(CLEO))).assignee == CLEO
    with pytest.raises(NotPermittedError):
        await work.change(bob, assignee=None)


@pytest.mark.parametrize("missing", [DELETE, SHARE])
async def test_nobody_moves_a_task_to_where_they_may_do_more_with_it(work: Work, missing: ObjectPermission) -> None:
    bob = await work.let_bob(*{CHANGE, DELETE, SHARE} - {missing})
    with pytest.raises(NotPermittedError, match=f"{missing} this task"):
        await work.change(bob, project=work.mars.id)

    assert (await shown(work.world, work.site, work.task)).project == work.moon.id


async def test_a_task_moves_only_where_one_may_open_one(work: Work) -> None:
    with pytest.raises(UnknownProjectError):
        await work.change(caller(ADA), project=work.mars.id)
    await share(work.world, work.site, work.mars, [VIEW], user=ADA)
    with pytest.raises(NotPermittedError):
        await work.change(caller(ADA), project=work.mars.id)
    assert (await work.change(caller(ADA, Permission.TASKS_CREATE), project=work.mars.id)).project == work.mars.id


async def test_only_its_owner_and_who_may_everything_hand_a_task_over(work: Work) -> None:
    bob = await work.let_bob(CHANGE, DELETE, SHARE)
    every = (PROJECTS.view, PROJECTS.change, PROJECTS.delete, TASKS.share)
    for by in (bob, caller(BOB, *every[:3])):
        with pytest.raises(NotPermittedError, match="only its owner"):
            await work.change(by, owner=BOB)

    assert (await work.change(caller(BOB, *every), owner=CLEO)).owner == CLEO
    assert (await work.change(caller(CLEO), owner=ADA, assignee=CLEO, status=TaskStatus.DONE)).owner == ADA


async def test_an_assignee_does_nothing_else_beside_the_status(work: Work) -> None:
    await work.change(caller(ADA), assignee=CLEO)
    for fields in ({"title": "x"}, {"owner": CLEO}, {"assignee": BOB}, {"project": work.mars.id}, {"due_date": None}):
        changes = {"status": TaskStatus.DONE} | fields
        if fields == {"due_date": None}:
            assert (await work.change(caller(CLEO), **changes)).status is TaskStatus.DONE, "it had none"
            continue
        with pytest.raises(NotPermittedError):
            await work.change(caller(CLEO), **changes)


async def test_nobody_is_not_the_assignee_of_what_is_nobodys(work: Work) -> None:
    nobody = Caller(label="operator", permissions=frozenset({TASKS.view}))
    with pytest.raises(NotPermittedError):
        await work.change(nobody, status=TaskStatus.DONE)
    (outcome,) = await bulk(work.world, work.site, nobody, [work.task], TaskStatus.DONE)
    assert isinstance(outcome.refusal, NotPermittedError)


async def test_whoever_opens_a_task_owns_it(work: Work) -> None:
    await share(work.world, work.site, work.moon, [CHANGE], user=BOB)
    task = await open_task(work.world, work.site, caller(BOB), work.moon, status=TaskStatus.DONE, assignee=CLEO)

    assert (task.owner, task.completed_at) == (BOB, task.created_at)
    with pytest.raises(NotPermittedError):
        await open_task(work.world, work.site, Caller(label="operator", permissions=frozenset(Permission)), work.moon)
