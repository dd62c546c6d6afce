"""Tasks on any store, and what is done with them by anybody."""

from typing import Any

from application.access.share_object import ShareObject
from application.projects.delete_project import DeleteProject
from application.tasks.change_statuses import ChangeStatuses, Outcome, SeenTask
from application.tasks.change_task import ChangeTask
from application.tasks.delete_task import DeleteTask
from application.tasks.open_task import OpenTask
from application.tasks.ports import TaskRepository
from application.tasks.read_tasks import ListTasks, ShowTask
from application.tasks.views import TaskQuery, TaskView
from domain.access.grant import Grant
from domain.access.group import GroupId
from domain.projects.project import Project
from domain.shared.caller import Caller, UserId
from domain.shared.grantable import ObjectPermission
from domain.shared.kinds import TASKS, TaskId
from domain.tasks.task import Task, TaskChanges, TaskStatus
from domain.tenancy.scope import Scope, SiteScope
from entrypoints.identifiers import new_id
from tests.contracts.access.objects import transaction
from tests.domain.tasks import tasks
from tests.world import OPERATOR, World


def a_new_task(project: Project, owner: UserId, **fields: Any) -> Task:
    """Nobody's to do, and never due."""
    given = {"assignee": None, "due_date": None} | fields
    return tasks.a_task(id=TaskId(new_id()), project=project.id, owner=owner, created_by=owner, **given)


async def add(world: World, site: SiteScope, *added: Task) -> None:
    async with transaction(world, site) as container:
        for task in added:
            await (await container.get(TaskRepository)).add(task)


async def a_task(world: World, site: SiteScope, project: Project, owner: UserId, **fields: Any) -> Task:
    task = a_new_task(project, owner, **fields)
    await add(world, site, task)
    return task


async def open_task(world: World, site: SiteScope, by: Caller, project: Project, **fields: Any) -> Task:
    async with world.acting(site, by) as container:
        return await (await container.get(OpenTask))(project=project.id, title="Paint", **fields)


async def change(world: World, site: SiteScope, by: Caller, task: Task, **fields: Any) -> Task:
    async with world.acting(site, by) as container:
        change_task = await container.get(ChangeTask)
        return await change_task(task_id=task.id, changes=TaskChanges(**fields), seen=None)


async def bulk(
    world: World, site: SiteScope, by: Caller, tasks: list[Task], status: TaskStatus, *, seen: bool = False
) -> list[Outcome]:
    named = [SeenTask(task_id=task.id, version=task.version if seen else None) for task in tasks]
    async with world.acting(site, by) as container:
        return await (await container.get(ChangeStatuses))(tasks=named, status=status)


async def delete(world: World, site: SiteScope, by: Caller, task: Task) -> None:
    async with world.acting(site, by) as container:
        await (await container.get(DeleteTask))(task_id=task.id, seen=None)


async def delete_project(
    world: World, site: SiteScope, project: Project, *, by: Caller = OPERATOR, with_tasks: bool = False
) -> None:
    async with world.acting(site, by) as container:
        await (await container.get(DeleteProject))(project_id=project.id, seen=None, with_tasks=with_tasks)


async def lend(
    world: World,
    site: SiteScope,
    task: Task,
    *permissions: ObjectPermission,
    user: UserId | None = None,
    group: GroupId | None = None,
    by: Caller = OPERATOR,
) -> Grant:
    async with world.acting(site, by) as container:
        share = await container.get(ShareObject)
        return await share(TASKS, object_id=task.id, user=user, group=group, permissions=frozenset(permissions))


async def shown(world: World, site: SiteScope, task: Task, by: Caller = OPERATOR) -> TaskView:
    async with world.acting(site, by) as container:
        return await (await container.get(ShowTask))(task_id=task.id)


async def titles(world: World, site: Scope, by: Caller = OPERATOR, **query: Any) -> list[str]:
    """Of the tasks in the list, after checking that it counts them."""
    async with world.acting(site, by) as container:
        page = await (await container.get(ListTasks))(TaskQuery(**query))
    assert page.count == len(page.results)
    return [task.title for task in page.results]
