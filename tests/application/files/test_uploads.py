from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from adapters.memory.file_store import MemoryFileStore
from application.files.ports import StorageLimitError
from application.files.store import FileStoreUnavailableError, NotUploadedError, SignedUpload, UploadDiffersError
from domain.files.file import FilePendingError, FileStatus, NoSuchFileError
from domain.files.upload import Place, UnknownPlaceError, UploadId, UploadTerms
from domain.shared.caller import NotPermittedError
from domain.shared.errors import InvalidError
from domain.shared.kinds import ProjectId
from entrypoints.identifiers import new_id
from tests.application.files.desk import ADA, ADMIN, BOB, HELLO, NOON, OPERATOR, Desk


async def test_a_file_is_there_once_its_bytes_were_checked() -> None:
    desk = Desk()
    begun = await desk.begin()
    assert (begun.file.status, begun.file.owner, begun.file.version) == (FileStatus.PENDING, ADA.user_id, 1)
    assert begun.signed.expires_at == NOON + timedelta(hours=3)
    desk.send(begun.signed)

    file = await desk.complete(begun.file)

    assert (file.status, file.name, file.owner, file.version) == (FileStatus.STORED, "Plan.txt", ADA.user_id, 2)
    assert await desk.names() == ["Plan.txt"]
    assert await desk.download(file) == HELLO
    assert desk.used == len(HELLO)
    assert await desk.complete(begun.file) == file


async def test_what_is_pending_is_there_for_its_uploader_alone() -> None:
    desk = Desk()
    begun = await desk.begin()
    desk.send(begun.signed)

    assert await desk.show(begun.file) == begun.file
    assert (await desk.names(), await desk.names(status=FileStatus.PENDING)) == ([], ["Plan.txt"])
    for other in (BOB, ADMIN):
        assert (await desk.names(other), await desk.names(other, FileStatus.PENDING)) == ([], [])
        for attempt in (desk.show, desk.complete, desk.delete, desk.download):
            with pytest.raises(NoSuchFileError):
                await attempt(begun.file, other)
        with pytest.raises(NoSuchFileError):
            await desk.replace(begun.file, b"mine", other)
    with pytest.raises(NoSuchFileError):
        await desk.quarantine(begun.file, OPERATOR)
    with pytest.raises(FilePendingError):
        await desk.download(begun.file)


async def test_every_wrong_field_is_told_at_once_and_nothing_is_kept() -> None:
    desk = Desk()
    with pytest.raises(InvalidError) as error:
        await desk.begin(name="a/b", content_type="text/html", content=b"x" * ((1 << 20) + 1))

    assert error.value.details.keys() == {"name", "content_type", "size"}
    assert (desk.used, desk.tables.uploads, desk.kept()) == (0, {}, set())


async def test_to_begin_one_takes_the_permission() -> None:
    desk = Desk()
    with pytest.raises(NotPermittedError):
        await desk.begin(replace(ADA, permissions=frozenset()))
    with pytest.raises(NotPermittedError):
        await desk.begin(OPERATOR)
    assert desk.used == 0


async def test_the_plan_has_room_or_not_to_the_byte() -> None:
    desk = Desk(room=2 * len(HELLO))
    await desk.begin()
    await desk.begin()
    with pytest.raises(StorageLimitError):
        await desk.begin(content=b"x")
    await desk.begin(content=b"")
    assert desk.used == desk.room


async def test_a_plan_that_was_lowered_takes_nothing_away() -> None:
    desk = Desk()
    begun, (owner,) = await desk.begin(), desk.database.organizations.values()
    desk.send(begun.signed)
    desk.database.organizations[owner.id] = replace(owner, max_storage_bytes=1)

    file = await desk.complete(begun.file)
    with pytest.raises(StorageLimitError):
        await desk.begin()
    await desk.delete(file)
    assert desk.used == 0


async def test_bytes_that_were_not_announced_are_gone_and_so_is_what_they_took() -> None:
    desk = Desk()
    begun = await desk.begin()
    desk.send(begun.signed)
    ((key, sent),) = desk.objects.objects.items()
    desk.objects.objects[key] = replace(sent, content=b"hello moon!")

    with pytest.raises(UploadDiffersError):
        await desk.complete(begun.file)
    assert (desk.used, desk.tables.uploads, desk.tables.files) == (0, {}, {})
    with pytest.raises(NoSuchFileError):
        await desk.complete(begun.file)


async def test_what_was_not_sent_yet_may_still_come() -> None:
    desk = Desk()
    begun = await desk.begin()
    with pytest.raises(NotUploadedError):
        await desk.complete(begun.file)
    assert desk.used == len(HELLO)
    desk.send(begun.signed)
    assert (await desk.complete(begun.file)).status is FileStatus.STORED


async def test_a_crash_after_the_store_was_asked_is_mended_by_asking_again() -> None:
    desk = Desk()
    begun = await desk.begin()
    desk.send(begun.signed)
    upload = desk.tables.uploads[next(iter(desk.tables.uploads))]
    await desk.store.settle(upload.id, upload.terms, upload.handle)

    file = await desk.complete(begun.file)
    assert await desk.download(file) == HELLO


async def test_while_the_store_is_away_nothing_is_half_recorded() -> None:
    desk = Desk()
    begun, file = await desk.begin(), await desk.stored()
    desk.send(begun.signed)
    desk.objects.is_down = True
    before = (desk.used, dict(desk.tables.uploads), dict(desk.tables.files))
    for attempt in (desk.begin(), desk.replace(file, b"other"), desk.complete(begun.file)):
        with pytest.raises(FileStoreUnavailableError):
            await attempt
    assert before == (desk.used, desk.tables.uploads, desk.tables.files)

    await desk.delete(file)
    assert desk.used == len(HELLO)
    desk.objects.is_down = False
    assert (await desk.complete(begun.file)).status is FileStatus.STORED


async def test_a_large_file_goes_in_parts() -> None:
    desk = Desk(part_bytes=4)
    begun = await desk.begin()
    assert [(part.offset, part.size) for part in begun.signed.parts] == [(0, 4), (4, 4), (8, 3)]
    desk.send(begun.signed)
    assert await desk.download(await desk.complete(begun.file)) == HELLO


async def test_what_cannot_be_written_down_leaves_no_parts_in_the_store() -> None:
    desk = Desk(part_bytes=4)
    project = desk.a_project(ADA)
    placed = await desk.begin(place=Place(project=project))
    assert len(desk.objects.begun) == 1

    class Vanishing(MemoryFileStore):
        async def sign_upload(self, upload_id: UploadId, terms: UploadTerms, *, until: datetime) -> SignedUpload:
            signed = await super().sign_upload(upload_id, terms, until=until)
            del desk.tables.projects[project]
            return signed

    desk.store = Vanishing(desk.objects, desk.scope)
    with pytest.raises(UnknownPlaceError):
        await desk.begin(place=Place(project=project))
    assert (desk.used, len(desk.objects.begun)) == (len(HELLO), 2)
    await desk.tidy()
    assert desk.kept() == {placed.file.upload_id}


async def test_a_place_takes_change_on_it_or_the_permission_and_to_see_it() -> None:
    desk = Desk()
    adas, bare = desk.a_project(ADA), replace(BOB, permissions=frozenset())
    hers = replace(ADA, permissions=frozenset())
    assert (await desk.begin(hers, place=Place(project=adas))).file.project == adas
    for place in (Place(project=adas), Place(project=ProjectId(new_id()))):
        with pytest.raises(UnknownPlaceError):
            await desk.begin(BOB, place=place)
    with pytest.raises(UnknownPlaceError):
        await desk.begin(bare, place=Place(project=adas))
    with pytest.raises(NotPermittedError):
        await desk.begin(hers)


async def test_who_lost_the_place_meanwhile_completes_nothing_there() -> None:
    desk = Desk()
    project = desk.a_project(ADA)
    begun = await desk.begin(place=Place(project=project))
    desk.send(begun.signed)
    desk.tables.projects[project] = replace(desk.tables.projects[project], owner=BOB.require_user())

    with pytest.raises(NotPermittedError):
        await desk.complete(begun.file)
    await desk.delete(begun.file)
    assert desk.used == 0
