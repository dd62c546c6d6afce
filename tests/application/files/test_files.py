from dataclasses import replace

import pytest

from adapters.memory.file_store import MemoryFileStore
from application.files.store import NotUploadedError
from domain.files.file import (
    FileChanges,
    FilePendingError,
    FileQuarantinedError,
    FileStatus,
    NoSuchFileError,
    UploadSupersededError,
)
from domain.files.upload import FileId, Place, UploadId, UploadTerms
from domain.shared.caller import NotPermittedError, Permission
from domain.shared.errors import InvalidError, StaleError
from tests.application.files.desk import ADA, ADMIN, BOB, HELLO, OPERATOR, Desk


async def test_the_old_bytes_can_be_read_until_the_new_ones_are_there() -> None:
    desk = Desk()
    file = await desk.stored()
    begun = await desk.replace(file, b"goodbye")
    assert (begun.file.status, begun.file.size) == (FileStatus.STORED, len(HELLO))
    desk.send(begun.signed, b"goodbye")
    assert await desk.download(file) == HELLO
    assert desk.used == len(HELLO) + len(b"goodbye")

    replaced = await desk.complete(file)
    assert (replaced.size, replaced.id, replaced.version) == (len(b"goodbye"), file.id, file.version + 1)
    assert await desk.download(file) == b"goodbye"
    assert desk.used == len(b"goodbye")
    await desk.tidy()
    assert desk.kept() == {replaced.upload_id}


async def test_a_newer_upload_takes_the_place_of_an_older_one() -> None:
    desk = Desk()
    file = await desk.stored()
    older, newer = await desk.replace(file, b"older"), await desk.replace(file, b"newer one")
    desk.send(older.signed, b"older")
    with pytest.raises(NotUploadedError):
        await desk.complete(file)
    desk.send(newer.signed, b"newer one")
    await desk.tidy()

    assert (await desk.complete(file)).size == len(b"newer one")
    await desk.tidy()
    assert desk.used == len(b"newer one")


async def test_a_pending_file_is_begun_anew() -> None:
    desk = Desk(room=len(HELLO))
    begun = await desk.begin()
    again = await desk.replace(begun.file, HELLO)
    assert (again.file.id, again.file.status, again.file.version) == (begun.file.id, FileStatus.PENDING, 2)
    assert again.file.name == "Plan.txt"
    desk.send(again.signed)

    assert (await desk.complete(begun.file)).status is FileStatus.STORED
    assert desk.used == len(HELLO)


async def test_bytes_that_differ_leave_a_file_as_it_was() -> None:
    desk = Desk()
    file = await desk.stored()
    desk.send((await desk.replace(file, b"announced")).signed, b"announced")
    incoming = next(key for key in desk.objects.objects if key[1] == "incoming")
    desk.objects.objects[incoming] = replace(desk.objects.objects[incoming], content=b"something")
    with pytest.raises(Exception, match="not what was announced"):
        await desk.complete(file)

    assert await desk.complete(file) == file
    assert (await desk.download(file), desk.used) == (HELLO, len(HELLO))


async def test_renames_at_the_version_that_was_seen() -> None:
    desk = Desk()
    file = await desk.stored()
    renamed = await desk.change(file, FileChanges(name="Other.txt"), seen=frozenset({file.version}))
    assert (renamed.name, renamed.version) == ("Other.txt", file.version + 1)
    with pytest.raises(StaleError):
        await desk.change(file, FileChanges(name="Third"), seen=frozenset({file.version}))
    with pytest.raises(InvalidError):
        await desk.change(file, FileChanges(name=".."))
    assert await desk.names() == ["Other.txt"]


async def test_nothing_of_a_pending_file_is_changed() -> None:
    desk = Desk()
    begun = await desk.begin()
    with pytest.raises(FilePendingError):
        await desk.change(begun.file, FileChanges(name="Other"))


async def test_whoever_may_do_it_with_a_project_may_do_it_with_its_files() -> None:
    desk = Desk()
    project = desk.a_project(BOB)
    place = Place(project=project)
    file, loose = await desk.stored(ADMIN, place=place), await desk.stored(ADMIN)
    reader = replace(ADA, permissions=frozenset({Permission.PROJECTS_VIEW}))

    for who in (BOB, reader):
        assert len(await desk.names(who)) == 1
        assert await desk.download(file, who) == HELLO
        with pytest.raises(NoSuchFileError):
            await desk.show(loose, who)
    with pytest.raises(NotPermittedError):
        await desk.change(file, FileChanges(name="Mine"), reader)
    await desk.change(file, FileChanges(name="Bob's"), BOB)
    await desk.delete(file, BOB)


async def test_to_move_a_file_takes_everything_on_it_and_a_place() -> None:
    desk = Desk()
    project, bobs = desk.a_project(ADA), desk.a_project(BOB)
    file = await desk.stored(ADMIN)
    changer = replace(ADA, permissions=frozenset({Permission.FILES_VIEW, Permission.FILES_CHANGE}))
    with pytest.raises(NotPermittedError):
        await desk.change(file, FileChanges(project=project), changer)
    with pytest.raises(InvalidError):
        await desk.change(await desk.stored(ADA), FileChanges(project=bobs), ADA)

    moved = await desk.change(file, FileChanges(project=project), ADMIN)
    assert moved.place == Place(project=project)
    assert (await desk.change(file, FileChanges(task=None), ADA)).place == Place(project=project)
    with pytest.raises(NotPermittedError):
        await desk.change(file, FileChanges(project=None), replace(ADA, permissions=frozenset()))
    assert (await desk.change(file, FileChanges(project=None), ADA)).place == Place()


async def test_quarantine_keeps_the_bytes_from_everybody() -> None:
    desk = Desk()
    file = await desk.stored()
    desk.send((await desk.replace(file, b"other")).signed, b"other")
    with pytest.raises(NotPermittedError):
        await desk.quarantine(file, ADA)

    quarantined = await desk.quarantine(file)
    assert await desk.quarantine(file) == quarantined
    assert (await desk.show(file)).status is FileStatus.QUARANTINED
    for attempt in (desk.download(file, ADMIN), desk.replace(file, b"clean"), desk.complete(file)):
        with pytest.raises(FileQuarantinedError):
            await attempt
    await desk.quarantine(file, OPERATOR, release=True)
    assert await desk.download(file) == HELLO
    assert (await desk.complete(file)).size == len(b"other")


async def test_deletes_a_file_and_what_is_on_its_way_to_it() -> None:
    desk = Desk()
    file, begun = await desk.stored(), await desk.begin()
    desk.send((await desk.replace(file, b"other")).signed, b"other")
    desk.send(begun.signed)
    with pytest.raises(StaleError):
        await desk.delete(file, seen=frozenset({1}))
    with pytest.raises(StaleError):
        await desk.delete(begun.file, seen=frozenset({7}))
    for one in (file, begun.file):
        await desk.delete(one)
        with pytest.raises(NoSuchFileError):
            await desk.delete(one)

    assert (desk.used, desk.tables.files, desk.tables.uploads) == (0, {}, {})
    await desk.tidy()
    assert desk.kept() == set()


async def test_what_was_superseded_while_the_store_looked_at_it_is_discarded() -> None:
    desk = Desk()
    file = await desk.stored()
    desk.send((await desk.replace(file, b"older")).signed, b"older")
    complete = desk.completing()

    class Slow(MemoryFileStore):
        async def settle(self, upload_id: UploadId, terms: UploadTerms, handle: str | None) -> None:
            await super().settle(upload_id, terms, handle)
            await desk.replace(file, b"newer")

    with pytest.raises(UploadSupersededError):
        await replace(complete, store=Slow(desk.objects, desk.scope))(file_id=FileId(file.id))
    await desk.tidy()
    assert desk.kept() == {file.upload_id}
    assert await desk.download(file) == HELLO
