"""What goes when a project or a user goes, whoever does something with a task meanwhile."""

import asyncio
from dataclasses import replace
from typing import Any

import asyncpg
import pytest

from application.access.grant_ports import GrantReader
from application.access.grant_views import SEES_ALL, GrantQuery
from application.access.object_access import ObjectAccess
from application.identity.delete_user import DeleteUser
from application.projects.ports import ProjectRepository, ProjectTasks
from application.projects.read_projects import ShowProject
from application.shared.ports import UnitOfWork
from application.tasks.ports import TaskRepository
from domain.identity.user import UserInUseError
from domain.projects.project import ProjectHasTasksError
from domain.shared.caller import NotPermittedError, UserId
from domain.shared.kinds import PROJECTS, TASKS, ProjectNotFoundError, TaskNotFoundError
from domain.tasks.task import TaskStatus, UnknownPersonError, UnknownProjectError
from domain.tenancy.scope import SiteScope
from tests.contracts.access.objects import CHANGE, DELETE, VIEW, a_project, caller, revoke, share
from tests.contracts.tasks.tasks import (
    a_new_task,
    a_task,
    bulk,
    change,
    delete,
    delete_project,
    lend,
    open_task,
    shown,
    titles,
)
from tests.domain.identity.people import a_user
from tests.domain.tasks.tasks import ADA, BOB
from tests.world import OPERATOR, World

WAITS = 0.3
"""Seconds in which whatever does not wait would be over."""


async def delete_user(world: World, site: SiteScope, user: UserId) -> None:
    async with world.acting(site, OPERATOR) as container:
        await (await container.get(DeleteUser))(user_id=user, seen=None)


async def outcome(attempt: Any) -> type[Any]:
    """The type of what it raised, or of None."""
    try:
        await attempt
    except Exception as error:  # noqa: BLE001  it is compared with what may come
        return type(error)
    return type(None)


async def test_a_project_with_tasks_goes_only_with_them(world: World, site: SiteScope) -> None:
    moon, mars = await a_project(world, site, ADA), await a_project(world, site, ADA)
    tasks = [await a_task(world, site, moon, ADA) for _ in range(3)]
    other = await a_task(world, site, mars, ADA, title="Other")
    await lend(world, site, tasks[0], VIEW, user=BOB)
    with pytest.raises(ProjectHasTasksError, match="3 tasks"):
        await delete_project(world, site, moon)
    with pytest.raises(ProjectHasTasksError):
        async with world.acting(site) as container, await container.get(UnitOfWork):
            await (await container.get(ProjectRepository)).remove(moon.id)
    assert len(await titles(world, site)) == 4

    await delete_project(world, site, moon, with_tasks=True)
    assert await titles(world, site) == ["Other"]
    assert (await shown(world, site, other)).project == mars.id
    with pytest.raises(TaskNotFoundError):
        await shown(world, site, tasks[0])
    async with world.acting(site) as container:
        left = await (await container.get(GrantReader)).page(TASKS, tasks[0].id, GrantQuery(), SEES_ALL)
    assert left.count == 0


async def test_a_project_without_tasks_goes_as_it_did(world: World, site: SiteScope) -> None:
    moon = await a_project(world, site, ADA)
    task = await a_task(world, site, moon, ADA)
    await delete(world, site, OPERATOR, task)
    await delete_project(world, site, moon)

    with pytest.raises(ProjectNotFoundError):
        await delete_project(world, site, moon, with_tasks=True)


async def test_who_may_delete_a_project_sees_and_deletes_all_its_tasks(world: World, site: SiteScope) -> None:
    """Whoever opened them, and whatever was lent: there is no task in it that they could not have deleted alone."""
    moon = await a_project(world, site, ADA)
    tasks = [await a_task(world, site, moon, owner) for owner in (ADA, BOB)]
    cleo = a_user(3).id
    await share(world, site, moon, [CHANGE], user=cleo)
    with pytest.raises(NotPermittedError):
        await delete_project(world, site, moon, by=caller(cleo), with_tasks=True)
    assert len(await titles(world, site, caller(cleo))) == 2

    await share(world, site, moon, [DELETE], user=cleo)
    await delete(world, site, caller(cleo), tasks[1])
    await delete_project(world, site, moon, by=caller(cleo), with_tasks=True)
    assert await titles(world, site) == []


async def test_a_project_counts_its_tasks_for_everybody_who_sees_it(world: World, site: SiteScope) -> None:
    moon, empty = await a_project(world, site, ADA), await a_project(world, site, ADA)
    for owner in (ADA, BOB, ADA):
        await a_task(world, site, moon, owner)
    await share(world, site, moon, [VIEW], user=BOB)
    for who in (caller(ADA), caller(BOB), OPERATOR):
        async with world.acting(site, who) as container:
            assert (await (await container.get(ShowProject))(project_id=moon.id)).task_count == 3
        assert len(await titles(world, site, who, project=moon.id)) == 3
    async with world.acting(site) as container:
        assert (await (await container.get(ShowProject))(project_id=empty.id)).task_count == 0


async def test_who_owns_a_task_is_not_deleted_and_who_has_one_to_do_is(world: World, site: SiteScope) -> None:
    moon = await a_project(world, site, ADA)
    assigned = await a_task(world, site, moon, ADA, assignee=BOB, status=TaskStatus.IN_PROGRESS)
    owned = await a_task(world, site, moon, BOB)
    with pytest.raises(UserInUseError):
        await delete_user(world, site, BOB)
    assert (await shown(world, site, assigned)).assignee == BOB

    await change(world, site, OPERATOR, owned, owner=ADA)
    await delete_user(world, site, BOB)
    view = await shown(world, site, assigned)
    assert (view.assignee, view.status, view.version) == (None, TaskStatus.IN_PROGRESS, 2)


async def test_tasks_that_are_opened_while_their_project_goes_are_refused_or_go_too(
    world: World, site: SiteScope
) -> None:
    for _ in range(5):
        moon = await a_project(world, site, ADA)
        opening = [outcome(open_task(world, site, caller(ADA), moon)) for _ in range(6)]
        without = outcome(delete_project(world, site, moon))
        along = outcome(delete_project(world, site, moon, with_tasks=True))
        *opened, _, gone = await asyncio.gather(*opening[:3], *opening[3:], without, along)
        assert set(opened) <= {type(None), UnknownProjectError}
        assert gone in (type(None), ProjectNotFoundError)
        assert await titles(world, site) == []


@pytest.mark.postgres
async def test_a_project_waits_for_the_task_that_is_being_opened_in_it(postgres: World) -> None:
    site = await postgres.site()
    ada = (await postgres.user(site, "ada")).id
    moon = await a_project(postgres, site, ada)
    async with postgres.acting(site, caller(ada)) as container:
        access, tasks = await container.get(ObjectAccess), await container.get(TaskRepository)
        async with await container.get(UnitOfWork):
            await access.hold(PROJECTS, moon.id, CHANGE)
            deleting = asyncio.create_task(outcome(delete_project(postgres, site, moon)))
            done, _ = await asyncio.wait({deleting}, timeout=WAITS)
            assert not done, "it waits for the task"
            await tasks.add(a_new_task(moon, ada))
    assert await deleting is ProjectHasTasksError

    async with postgres.acting(site) as container, await container.get(UnitOfWork):
        await (await container.get(ProjectRepository)).get(moon.id)
        opening = asyncio.create_task(outcome(open_task(postgres, site, caller(ada), moon)))
        done, _ = await asyncio.wait({opening}, timeout=WAITS)
        assert not done, "it waits for the project"
        await (await container.get(ProjectTasks)).remove(moon.id)
        await (await container.get(ProjectRepository)).remove(moon.id)
    assert await opening is UnknownProjectError


@pytest.mark.postgres
async def test_a_grant_on_the_project_that_is_withdrawn_waits_for_the_change_of_a_task(postgres: World) -> None:
    site = await postgres.site()
    ada, bob = (await postgres.user(site, "ada")).id, (await postgres.user(site, "bob")).id
    moon = await a_project(postgres, site, ada)
    task = await a_task(postgres, site, moon, ada)
    grant = await share(postgres, site, moon, [CHANGE], user=bob)
    async with postgres.acting(site, caller(bob)) as container:
        access = await container.get(ObjectAccess)
        async with await container.get(UnitOfWork):
            await access.lock(TASKS, task.id, CHANGE)
            revoking = asyncio.create_task(revoke(postgres, site, grant))
            done, _ = await asyncio.wait({revoking}, timeout=WAITS)
            assert not done, "it waits for the change"
    await revoking
    assert await outcome(change(postgres, site, caller(bob), task, title="Brush")) is TaskNotFoundError


@pytest.mark.postgres
async def test_a_task_that_moves_while_somebody_waits_for_it_is_asked_for_where_it_went(postgres: World) -> None:
    """Whoever waits for the task has locked the project that it was in, and may do nothing where it is now."""
    site = await postgres.site()
    ada, bob = (await postgres.user(site, "ada")).id, (await postgres.user(site, "bob")).id
    moon, mars = await a_project(postgres, site, ada), await a_project(postgres, site, ada)
    task = await a_task(postgres, site, moon, ada)
    await share(postgres, site, moon, [CHANGE], user=bob)
    async with postgres.acting(site, caller(ada)) as container:
        access, tasks = await container.get(ObjectAccess), await container.get(TaskRepository)
        async with await container.get(UnitOfWork):
            await access.lock(TASKS, task.id, CHANGE)
            changing = asyncio.create_task(outcome(change(postgres, site, caller(bob), task, title="Brush")))
            done, _ = await asyncio.wait({changing}, timeout=WAITS)
            assert not done, "it waits for the task"
            await tasks.save(replace(task, project=mars.id, title="Moved", version=2))
    assert await changing is TaskNotFoundError
    assert (await shown(postgres, site, task)).title == "Moved"


@pytest.mark.postgres
async def test_a_task_that_moved_while_somebody_waited_holds_the_project_where_it_is_now(postgres: World) -> None:
    site = await postgres.site()
    ada, bob = (await postgres.user(site, "ada")).id, (await postgres.user(site, "bob")).id
    moon, mars = await a_project(postgres, site, ada), await a_project(postgres, site, ada)
    task = await a_task(postgres, site, moon, ada)
    grants = [await share(postgres, site, project, [CHANGE], user=bob) for project in (moon, mars)]
    locked, finish = asyncio.Event(), asyncio.Event()

    async def hold_it() -> None:
        async with postgres.acting(site, caller(bob)) as container:
            access = await container.get(ObjectAccess)
            async with await container.get(UnitOfWork):
                await access.lock(TASKS, task.id, CHANGE)
                locked.set()
                await finish.wait()

    async with postgres.acting(site, caller(ada)) as container:
        access, tasks = await container.get(ObjectAccess), await container.get(TaskRepository)
        async with await container.get(UnitOfWork):
            await access.lock(TASKS, task.id, CHANGE)
            holding = asyncio.create_task(hold_it())
            done, _ = await asyncio.wait({holding}, timeout=WAITS)
            assert not done
            await tasks.save(replace(task, project=mars.id, version=2))
    await locked.wait()
    revoking = asyncio.create_task(revoke(postgres, site, grants[1]))
    done, _ = await asyncio.wait({revoking}, timeout=WAITS)
    finish.set()
    await asyncio.gather(holding, revoking)
    assert not done, "it waits for whoever uses the grant"


async def test_projects_users_and_tasks_go_and_change_at_once_without_waiting_for_ever(
    world: World, site: SiteScope
) -> None:
    for _ in range(4):
        moon, mars = await a_project(world, site, ADA), await a_project(world, site, ADA)
        doer = (await world.user(site, f"doer{moon.id.hex}")).id
        tasks = [await a_task(world, site, moon, ADA, assignee=doer) for _ in range(6)]
        results = await asyncio.gather(
            outcome(bulk(world, site, OPERATOR, tasks, TaskStatus.DONE)),
            outcome(bulk(world, site, OPERATOR, tasks[::-1], TaskStatus.CANCELLED)),
            outcome(delete_user(world, site, doer)),
            outcome(change(world, site, OPERATOR, tasks[0], project=mars.id)),
            outcome(change(world, site, OPERATOR, tasks[1], assignee=BOB)),
            outcome(change(world, site, OPERATOR, tasks[2], assignee=doer, title="x")),
            outcome(delete_project(world, site, moon, with_tasks=True)),
        )
        assert set(results) <= {type(None), TaskNotFoundError, UnknownPersonError}
        assert len(await titles(world, site, project=moon.id)) == 0


@pytest.mark.postgres
async def test_each_task_that_goes_with_its_project_leaves_its_entry(postgres: World, database_url: str) -> None:
    site = await postgres.site()
    ada = (await postgres.user(site, "ada")).id
    moon = await a_project(postgres, site, ada)
    tasks = [await a_task(postgres, site, moon, ada) for _ in range(3)]
    await lend(postgres, site, tasks[0], VIEW, user=ada)
    await delete_project(postgres, site, moon, with_tasks=True)
    connection = await asyncpg.connect(database_url)
    entries = await connection.fetch(
        f"""select table_name, row_id from "{site.schema.name}".history where operation = 'delete'"""
    )
    await connection.close()

    by_table = {name: {one["row_id"] for one in entries if one["table_name"] == name} for name in ("tasks", "projects")}
    assert by_table == {"tasks": {task.id for task in tasks}, "projects": {moon.id}}
    assert sum(one["table_name"] == "grants" for one in entries) == 1
