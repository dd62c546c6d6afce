"""The history of files: what is there is told, never where its bytes are; names and places come back, bytes do not."""

from datetime import timedelta
from typing import Any

import pytest

from application.access.share_object import ShareObject
from application.audit.views import HistoryQuery
from application.files.change_file import ChangeFile
from application.files.delete_file import DeleteFile
from application.files.file_history import FileHistory
from application.files.ports import FileRepository, UploadRepository
from domain.audit.entry import CannotRevertError, HistoryEntryNotFoundError, NotThenError
from domain.files.file import FILES, File, FileChanges, NoSuchFileError
from domain.files.upload import Place
from domain.projects.project import Project
from domain.shared.caller import Caller, NotPermittedError, Permission, UserId
from domain.shared.errors import InvalidError
from domain.shared.grantable import EVERYTHING, ObjectPermission
from domain.shared.kinds import PROJECTS
from domain.tenancy.scope import SiteScope
from tests.contracts.access.objects import CHANGE, VIEW, a_project, caller, share, transaction
from tests.contracts.audit.objects import Records
from tests.contracts.files.files import a_draft, a_file, a_replacement, add, terms
from tests.contracts.tasks.conftest import other, site
from tests.contracts.tasks.tasks import a_task, delete_project
from tests.world import OPERATOR, World

__all__ = ["other", "site"]
TICK = timedelta(microseconds=1)


def told(world: World, site: SiteScope, who: Caller = OPERATOR) -> Records:
    return Records(world=world, scope=site, resource=FileHistory, who=who)


async def change(world: World, site: SiteScope, file: File, by: Caller = OPERATOR, **fields: Any) -> None:
    async with world.acting(site, by) as container:
        await (await container.get(ChangeFile))(file_id=file.id, changes=FileChanges(**fields), seen=None)


async def replace_bytes(world: World, site: SiteScope, file: File) -> None:
    """As a replacement that was completed."""
    upload = a_replacement(file, file.owner, b"other bytes")
    async with transaction(world, site) as container:
        uploads, files = await container.get(UploadRepository), await container.get(FileRepository)
        await uploads.add(upload)
        await uploads.remove(file.id)
        found = await files.find(file.id)
        assert found
        await files.save(found.replaced_by(upload, at=world.clock()))


async def scene(world: World, site: SiteScope) -> tuple[UserId, UserId, Project, File]:
    """Ada, Bob, Ada's project, and her file in it."""
    ada, bob = [(await world.user(site, name)).id for name in ("ada", "bob")]
    moon = await a_project(world, site, ada)
    file = a_file(ada, place=Place(project=moon.id))
    await add(world, site, file)
    return ada, bob, moon, file


async def test_tells_each_field_in_the_words_of_a_file_and_nothing_of_the_store(world: World, site: SiteScope) -> None:
    ada, _, moon, file = await scene(world, site)
    task = await a_task(world, site, moon, ada)
    await change(world, site, file, caller(ada), name="Map.txt", task=task.id)
    await replace_bytes(world, site, file)
    records = told(world, site, caller(ada))
    made, moved, replaced = await records.entries(file_id=file.id)

    assert made.changes["sha256"] == (None, terms().sha256.hex())
    assert made.changes["size"] == (None, 11)
    assert made.changes["project"] == (None, str(moon.id))
    assert moved.changes["name"] == ("Plan.txt", "Map.txt")
    assert (moved.changes["project"], moved.changes["task"]) == ((str(moon.id), None), (None, str(task.id)))
    assert moved.changes.keys() == {"name", "project", "task", "version", "updated_at"}
    assert replaced.changes["sha256"] == (terms().sha256.hex(), terms(b"other bytes").sha256.hex())
    assert replaced.changes.keys() == {"sha256", "version", "updated_at"}
    past = await records.past(moved.at, file_id=file.id)
    assert past == {name: after for name, (_, after) in made.changes.items()} | {
        "name": "Map.txt",
        "project": None,
        "task": str(task.id),
        "version": 3,
        "updated_at": moved.changes["updated_at"][1],
    }
    for inner in ("upload_id", "handle", "project_id", "key"):
        assert inner not in repr((made, moved, replaced, past))
        with pytest.raises(InvalidError):
            await records.page(HistoryQuery(field=inner), file_id=file.id)


async def test_of_what_is_pending_nothing_is_told_before_it_is_there_nor_afterwards(
    world: World, site: SiteScope
) -> None:
    ada, bob = [(await world.user(site, name)).id for name in ("ada", "bob")]
    draft = a_draft(ada, "Secret plan.txt", handle="a-handle")
    await add(world, site, draft)
    began = world.clock()
    for who in (OPERATOR, caller(bob, FILES.view)):
        with pytest.raises(NoSuchFileError):
            await told(world, site, who).page(file_id=draft.file_id)
        with pytest.raises(NoSuchFileError):
            await told(world, site, who).past(began, file_id=draft.file_id)
    assert await told(world, site, caller(ada)).entries(file_id=draft.file_id) == []
    with pytest.raises(NotThenError):
        await told(world, site, caller(ada)).past(began, file_id=draft.file_id)
    with pytest.raises(HistoryEntryNotFoundError):
        await told(world, site, caller(ada)).entry(1, file_id=draft.file_id)

    async with transaction(world, site) as container:
        await (await container.get(UploadRepository)).remove(draft.file_id)
        await (await container.get(FileRepository)).add(File.of(draft, at=world.clock()))
    (made,) = await told(world, site).entries(file_id=draft.file_id)
    assert (made.operation, made.changes["name"]) == ("insert", (None, "Secret plan.txt"))
    with pytest.raises(NotThenError):
        await told(world, site).past(made.at - TICK, file_id=draft.file_id)


async def test_what_was_given_up_while_pending_stays_unknown(world: World, site: SiteScope) -> None:
    ada = (await world.user(site, "ada")).id
    draft = a_draft(ada)
    await add(world, site, draft)
    async with transaction(world, site, caller(ada)) as container:
        await (await container.get(UploadRepository)).remove(draft.file_id)
    for who in (OPERATOR, caller(ada)):
        with pytest.raises(NoSuchFileError):
            await told(world, site, who).page(file_id=draft.file_id)


async def test_who_may_view_the_file_sees_its_history_and_nobody_else(
    world: World, site: SiteScope, other: SiteScope
) -> None:
    ada, bob, moon, file = await scene(world, site)
    eve = (await world.user(site, "eve")).id
    await share(world, site, moon, [ObjectPermission.VIEW], user=bob)
    (made,) = await told(world, site).entries(file_id=file.id)
    for who in (caller(ada), caller(bob), caller(eve, PROJECTS.view), caller(eve, FILES.view)):
        assert await told(world, site, who).entry(made.id, file_id=file.id)
    for foreign in (told(world, site, caller(eve)), told(world, other)):
        with pytest.raises(NoSuchFileError):
            await foreign.page(file_id=file.id)
        with pytest.raises(NoSuchFileError):
            await foreign.entry(made.id, file_id=file.id)
        with pytest.raises(NoSuchFileError):
            await foreign.past(made.at, file_id=file.id)
        with pytest.raises(NoSuchFileError):
            await foreign.revert(made.id, file_id=file.id)


async def test_a_name_and_a_place_come_back_by_the_rules_of_a_change(world: World, site: SiteScope) -> None:
    ada, bob, _, file = await scene(world, site)
    cleo = (await world.user(site, "cleo")).id
    async with world.acting(site) as container:
        lend = await container.get(ShareObject)
        for user, permissions in ((bob, {VIEW, CHANGE}), (cleo, EVERYTHING)):
            await lend(FILES, object_id=file.id, user=user, group=None, permissions=permissions)
    await change(world, site, file, name="Map.txt")
    await change(world, site, file, project=None)
    made, renamed, _ = await told(world, site).entries(file_id=file.id)

    with pytest.raises(NotPermittedError):  # to move it takes all permissions
        await told(world, site, caller(bob, Permission.FILES_CREATE)).revert(made.id, file_id=file.id)
    with pytest.raises(CannotRevertError, match="project"):  # and a place there
        await told(world, site, caller(cleo)).revert(made.id, file_id=file.id)
    back = await told(world, site, caller(ada)).revert(renamed.id, file_id=file.id)
    assert back.changes.keys() == {"project", "version", "updated_at"}
    first = await told(world, site, caller(bob)).revert(made.id, file_id=file.id)
    assert first.changes["name"] == ("Map.txt", "Plan.txt")
    assert first.changes.keys() == {"name", "version", "updated_at"}


async def test_from_a_task_back_into_a_project(world: World, site: SiteScope) -> None:
    ada, _, moon, file = await scene(world, site)
    task = await a_task(world, site, moon, ada)
    await change(world, site, file, task=task.id)
    made, moved = await told(world, site).entries(file_id=file.id)
    for entry, place in ((made, (str(moon.id), None)), (moved, (None, str(task.id)))):
        back = await told(world, site, caller(ada)).revert(entry.id, file_id=file.id)
        assert (back.changes["project"][1], back.changes["task"][1]) == place


async def test_a_place_of_then_that_is_gone_is_told(world: World, site: SiteScope) -> None:
    _, _, moon, file = await scene(world, site)
    await change(world, site, file, project=None)
    made, _ = await told(world, site).entries(file_id=file.id)
    await delete_project(world, site, moon)
    with pytest.raises(CannotRevertError, match="project"):
        await told(world, site).revert(made.id, file_id=file.id)


async def test_bytes_that_were_replaced_or_deleted_do_not_come_back(world: World, site: SiteScope) -> None:
    _, _, _, file = await scene(world, site)
    await replace_bytes(world, site, file)
    await change(world, site, file, name="Map.txt")
    made, replaced, _ = await told(world, site).entries(file_id=file.id)
    with pytest.raises(CannotRevertError, match="sha256 of a file cannot be reverted: the bytes of then are gone"):
        await told(world, site).revert(made.id, file_id=file.id)
    await told(world, site).revert(replaced.id, file_id=file.id)
    async with world.acting(site) as container:
        await (await container.get(DeleteFile))(file_id=file.id, seen=None)
    gone = (await told(world, site).entries(file_id=file.id))[-1]
    assert gone.changes["name"] == ("Plan.txt", None)
    with pytest.raises(CannotRevertError, match="its bytes are gone"):
        await told(world, site).revert(gone.id, file_id=file.id)
    with pytest.raises(NoSuchFileError):
        await told(world, site, caller(file.owner)).page(file_id=file.id)
    await world.settle()
