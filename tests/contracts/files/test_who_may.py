"""Lists, single files and their grants agree on who may view what, with right counts, wherever a file lies."""

import pytest

from application.access.object_access import ObjectAccess
from application.access.share_object import ShareObject
from application.files.read_files import ListFiles, ShowFile
from application.files.views import FileQuery
from application.shared.page import PageRequest
from application.shared.ports import UnitOfWork
from application.tasks.ports import TaskRepository
from domain.files.file import FILES, NoSuchFileError
from domain.files.upload import NOWHERE, FileId, Place
from domain.shared.caller import Caller, NotPermittedError, Permission, UserId
from domain.shared.grantable import EVERYTHING, ObjectPermission
from domain.shared.kinds import PROJECTS, TaskId
from domain.tasks.task import Task, TaskPriority, TaskStatus
from domain.tenancy.scope import SiteScope
from entrypoints.identifiers import new_id
from tests.contracts.files.files import NOON, a_draft, a_file, add
from tests.contracts.projects.test_projects import a_project
from tests.contracts.projects.test_projects import add as add_project
from tests.world import World

VIEW = frozenset({ObjectPermission.VIEW})


def caller(user: UserId, *permissions: Permission) -> Caller:
    return Caller(label="someone", user_id=user, permissions=frozenset(permissions))


async def seen(world: World, scope: SiteScope, who: Caller) -> set[str]:
    """By the list, whose count is right on every page, and by each single one alike."""
    async with world.acting(scope, who) as container:
        list_files, show_file = await container.get(ListFiles), await container.get(ShowFile)
        access: ObjectAccess = await container.get(ObjectAccess)
        page = await list_files(FileQuery())
        assert (await list_files(FileQuery(page=PageRequest(number=9, size=1)))).count == page.count
        assert page.count == len(page.results)
        for file in page.results:
            assert await show_file(file_id=FileId(file.id)) == file
            assert ObjectPermission.VIEW in await access.look(FILES, file.id)
        return {file.name for file in page.results}


async def test_who_may_view_a_place_may_view_its_files(world: World) -> None:
    site = await world.site()
    ada, bob, cleo = [(await world.user(site, name)).id for name in ("ada", "bob", "cleo")]
    project, other = a_project(ada), a_project(ada)
    await add_project(world, site, project, other)
    task = a_task(Place(project=project.id), ada, cleo)
    async with world.acting(site) as container, await container.get(UnitOfWork):
        await (await container.get(TaskRepository)).add(task)
    placed = {"project": Place(project=project.id), "task": Place(task=task.id), "other": Place(project=other.id)}
    files = {name: a_file(ada, name, place=place) for name, place in (placed | {"loose": NOWHERE}).items()}
    await add(world, site, *files.values(), a_draft(ada, "draft"))
    async with world.acting(site, caller(ada)) as container:
        share = await container.get(ShareObject)
        await share(PROJECTS, object_id=project.id, user=bob, group=None, permissions=VIEW)
        await share(FILES, object_id=files["loose"].id, user=cleo, group=None, permissions=VIEW)

    everything = {"project", "task", "other", "loose"}
    assert await seen(world, site, caller(ada)) == everything
    assert await seen(world, site, caller(bob)) == {"project", "task"}
    assert await seen(world, site, caller(cleo)) == {"task", "loose"}
    assert await seen(world, site, caller(bob, Permission.FILES_VIEW)) == everything
    assert await seen(world, site, caller(bob, Permission.TASKS_VIEW)) == {"project", "task"}
    assert await seen(world, site, caller(cleo, Permission.PROJECTS_VIEW)) == everything
    assert await seen(world, site, caller(UserId(new_id()), Permission.PROJECTS_VIEW)) == everything - {"loose"}
    assert await seen(world, site, caller(UserId(new_id()), Permission.TASKS_VIEW)) == {"task"}
    async with world.acting(site, caller(bob)) as container:
        for name in ("other", "loose"):
            with pytest.raises(NoSuchFileError):
                await (await container.get(ShowFile))(file_id=files[name].id)
            with pytest.raises(NoSuchFileError):
                await (await container.get(ObjectAccess)).look(FILES, files[name].id)


async def test_what_one_may_everywhere_with_a_place_one_may_with_its_files(world: World) -> None:
    site = await world.site()
    ada, bob = [(await world.user(site, name)).id for name in ("ada", "bob")]
    project = a_project(ada)
    await add_project(world, site, project)
    placed, loose = a_file(ada, place=Place(project=project.id)), a_file(ada)
    await add(world, site, placed, loose)
    changer = caller(bob, Permission.PROJECTS_VIEW, Permission.PROJECTS_CHANGE)

    async with world.acting(site, changer) as container:
        access: ObjectAccess = await container.get(ObjectAccess)
        assert await access.look(FILES, placed.id) == {ObjectPermission.VIEW, ObjectPermission.CHANGE}
        with pytest.raises(NoSuchFileError):
            await access.look(FILES, loose.id)
        async with await container.get(UnitOfWork):
            with pytest.raises(NotPermittedError):
                await access.lock(FILES, placed.id, ObjectPermission.DELETE)
    async with world.acting(site, caller(ada)) as container:
        assert await (await container.get(ObjectAccess)).look(FILES, placed.id) == EVERYTHING


def a_task(place: Place, owner: UserId, assignee: UserId) -> Task:
    assert place.project
    return Task(
        id=TaskId(new_id()),
        project=place.project,
        title="Paint",
        description="",
        status=TaskStatus.TODO,
        priority=TaskPriority.LOW,
        assignee=assignee,
        due_date=None,
        completed_at=None,
        owner=owner,
        created_at=NOON,
        updated_at=NOON,
        created_by=owner,
    )
