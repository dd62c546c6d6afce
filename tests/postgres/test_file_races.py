"""Two who do something with one file at once, on PostgreSQL: the second comes while the first is in the store."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pytest

from adapters.memory.file_store import MemoryFileStore
from adapters.memory.object_store import MemoryObjectStore
from application.files.begin_file import BeginFile
from application.files.complete_file import CompleteFile
from application.files.delete_file import DeleteFile
from application.files.ports import StorageLedger, StorageLimitError
from application.files.read_files import ListFiles
from application.files.replace_file import ReplaceFile
from application.files.store import NotUploadedError
from application.files.sweep_files import SweepFiles
from application.files.views import BegunUpload, FileQuery, FileView
from application.projects.delete_project import DeleteProject
from application.projects.open_project import OpenProject
from application.shared.ports import UnitOfWork
from application.tenancy.read_sites import ShowSiteUsage
from domain.files.file import FileStatus, NoSuchFileError, UploadSupersededError
from domain.files.upload import NOWHERE, FileId, Place, UnknownPlaceError, UploadId, UploadTerms
from domain.projects.project import ProjectStatus
from domain.shared.caller import SITE_PERMISSIONS, Caller
from domain.shared.kinds import ProjectId
from domain.tenancy.scope import SiteScope
from tests.contracts.files.files import terms
from tests.contracts.files.test_storage import allow
from tests.world import World

pytestmark = pytest.mark.postgres
HELLO: Final = b"hello world"
Meanwhile = Callable[[], Awaitable[object]]


class Slow(MemoryFileStore):
    """`meanwhile` happens when the bytes were settled and nothing is written down yet."""

    def __init__(self, objects: MemoryObjectStore, scope: SiteScope, meanwhile: Meanwhile) -> None:
        super().__init__(objects, scope)
        self._meanwhile = meanwhile

    async def settle(self, upload_id: UploadId, terms: UploadTerms, handle: str | None) -> None:
        await super().settle(upload_id, terms, handle)
        await self._meanwhile()


@dataclass(frozen=True, slots=True)
class Desk:
    """What Ada, an admin of a site, does there; each call in a request of its own."""

    world: World
    scope: SiteScope
    ada: Caller = field(repr=False)

    async def use(self, use_case: type[Any], **options: Any) -> Any:
        async with self.world.acting(self.scope, self.ada) as container:
            return await (await container.get(use_case))(**options)

    async def begin(self, content: bytes = HELLO, place: Place = NOWHERE) -> BegunUpload:
        announced = terms(content)
        begun: BegunUpload = await self.use(
            BeginFile,
            name="Plan.txt",
            content_type="text/plain",
            size=announced.size,
            sha256=announced.sha256,
            place=place,
        )
        return begun

    async def replace(self, file: FileView, content: bytes) -> BegunUpload:
        announced = terms(content)
        begun: BegunUpload = await self.use(
            ReplaceFile,
            file_id=FileId(file.id),
            content_type="text/plain",
            size=announced.size,
            sha256=announced.sha256,
        )
        return begun

    def send(self, begun: BegunUpload, content: bytes = HELLO) -> None:
        assert self.world.objects.send(begun.signed.parts[0].request, content).status == 200

    async def complete(self, file: FileView) -> FileView:
        view: FileView = await self.use(CompleteFile, file_id=FileId(file.id))
        return view

    async def complete_slowly(self, file: FileView, meanwhile: Meanwhile) -> FileView:
        async with self.world.acting(self.scope, self.ada) as container:
            complete: CompleteFile = await container.get(CompleteFile)
            slow = Slow(self.world.objects, self.scope, meanwhile)
            return await replace(complete, store=slow)(file_id=FileId(file.id))

    async def delete(self, file: FileView) -> None:
        await self.use(DeleteFile, file_id=FileId(file.id), seen=None)

    async def stored(self) -> FileView:
        begun = await self.begin()
        self.send(begun)
        return await self.complete(begun.file)

    async def sweep(self) -> None:
        async with self.world.acting(self.scope) as container:
            await (await container.get(SweepFiles))()

    async def ends_with(self, *contents: bytes) -> None:
        """These are the files, what counts is what they have, and the store has nothing else."""
        await self.world.settle()
        files = (await self.use(ListFiles, query=FileQuery())).results
        assert sorted(one.size for one in files) == sorted(map(len, contents))
        assert {one.status for one in files} <= {FileStatus.STORED}
        async with self.world.acting() as container:
            used = (await (await container.get(ShowSiteUsage))(slug=self.scope.slug)).files
        assert used.bytes == sum(map(len, contents))
        kept = {key[2]: found.content for key, found in self.world.objects.objects.items()}
        assert kept == {one.upload_id: kept[UploadId(one.upload_id)] for one in files}
        assert sorted(kept.values()) == sorted(contents)


@pytest.fixture
async def desk(postgres: World) -> Desk:
    site = await postgres.site()
    ada = (await postgres.admin(site)).id
    return Desk(postgres, site, Caller(label="ada", user_id=ada, permissions=SITE_PERMISSIONS))


async def test_two_completes_are_one(desk: Desk) -> None:
    begun = await desk.begin()
    desk.send(begun)
    first = await desk.complete_slowly(begun.file, lambda: desk.complete(begun.file))
    assert (first.version, await desk.complete(begun.file)) == (2, first)
    await desk.ends_with(HELLO)


async def test_many_completes_at_once_are_one(desk: Desk) -> None:
    begun = await desk.begin()
    desk.send(begun)
    views = await asyncio.gather(*(desk.complete(begun.file) for _ in range(6)))
    assert {one.version for one in views} == {2}
    await desk.ends_with(HELLO)


async def test_two_completes_of_a_replacement_are_one(desk: Desk) -> None:
    file = await desk.stored()
    desk.send(await desk.replace(file, b"other"), b"other")
    first = await desk.complete_slowly(file, lambda: desk.complete(file))
    assert first.version == file.version + 1
    await desk.ends_with(b"other")


async def test_a_pending_file_that_is_deleted_meanwhile_never_comes(desk: Desk) -> None:
    begun = await desk.begin()
    desk.send(begun)
    with pytest.raises(NoSuchFileError):
        await desk.complete_slowly(begun.file, lambda: desk.delete(begun.file))
    await desk.ends_with()


async def test_a_file_that_is_deleted_meanwhile_takes_its_new_bytes_with_it(desk: Desk) -> None:
    file = await desk.stored()
    desk.send(await desk.replace(file, b"other"), b"other")
    with pytest.raises(NoSuchFileError):
        await desk.complete_slowly(file, lambda: desk.delete(file))
    await desk.ends_with()


@pytest.mark.parametrize("is_there", [True, False])
async def test_an_upload_that_is_superseded_meanwhile_gives_way(desk: Desk, is_there: bool) -> None:
    begun = await desk.begin()
    desk.send(begun)
    file = await desk.complete(begun.file) if is_there else begun.file
    if is_there:
        desk.send(await desk.replace(file, b"older"), b"older")
    newer: list[BegunUpload] = []

    async def supersede() -> None:
        newer.append(await desk.replace(file, b"newer one"))

    with pytest.raises(UploadSupersededError):
        await desk.complete_slowly(file, supersede)
    desk.send(newer[0], b"newer one")
    await desk.world.settle()
    assert (await desk.complete(file)).size == len(b"newer one")
    await desk.ends_with(b"newer one")


async def test_what_is_swept_meanwhile_is_gone_for_good(desk: Desk) -> None:
    begun = await desk.begin()
    desk.send(begun)
    desk.world.clock.advance(hours=5)
    with pytest.raises(NoSuchFileError):
        await desk.complete_slowly(begun.file, desk.sweep)
    await desk.ends_with()


async def test_many_sweeps_completes_and_deletes_at_once_agree(desk: Desk) -> None:
    begun = [await desk.begin() for _ in range(6)]
    for one in begun:
        desk.send(one)
    desk.world.clock.advance(hours=5)

    async def complete(one: BegunUpload) -> bool:
        with suppress(NoSuchFileError, NotUploadedError):
            await desk.complete(one.file)
            return True
        return False

    async def delete(one: BegunUpload) -> None:
        with suppress(NoSuchFileError):
            await desk.delete(one.file)

    completed = await asyncio.gather(*map(complete, begun), *map(delete, begun[:2]), desk.sweep(), desk.sweep())
    await desk.world.settle()
    for one in begun:
        await delete(one)
    assert len(completed) == 10
    await desk.ends_with()


async def test_a_project_that_is_deleted_meanwhile_takes_what_was_coming(desk: Desk) -> None:
    project = await desk.use(OpenProject, name="Moon", description="", status=ProjectStatus.ACTIVE, owner=None)
    begun = await desk.begin(place=Place(project=ProjectId(project.id)))
    desk.send(begun)
    with pytest.raises(NoSuchFileError):
        await desk.complete_slowly(begun.file, lambda: desk.use(DeleteProject, project_id=project.id, seen=None))
    await desk.ends_with()


async def test_a_project_is_deleted_under_uploads_without_deadlock(desk: Desk) -> None:
    project = await desk.use(OpenProject, name="Moon", description="", status=ProjectStatus.ACTIVE, owner=None)
    place = Place(project=ProjectId(project.id))
    waiting = [await desk.begin(place=place) for _ in range(4)]
    for one in waiting:
        desk.send(one)

    async def quietly(doing: Awaitable[object]) -> None:
        with suppress(NoSuchFileError, UnknownPlaceError, NotUploadedError):
            await doing

    await asyncio.gather(
        *(quietly(desk.complete(one.file)) for one in waiting[:2]),
        *(quietly(desk.begin(place=place)) for _ in range(3)),
        desk.use(DeleteProject, project_id=project.id, seen=None, with_files=True),
        *(quietly(desk.complete(one.file)) for one in waiting[2:]),
    )
    await desk.ends_with()


async def test_seven_of_twenty_files_over_two_sites_and_no_more(postgres: World) -> None:
    desks = []
    for name in ("ant", "bee"):
        site = await postgres.site(name)
        ada = (await postgres.admin(site)).id
        desks.append(Desk(postgres, site, Caller(label="ada", user_id=ada, permissions=SITE_PERMISSIONS)))
    await allow(postgres, 7 * len(HELLO) + 3)

    async def begin(desk: Desk) -> bool:
        try:
            await desk.begin()
        except StorageLimitError:
            return False
        return True

    begun = await asyncio.gather(*(begin(desks[number % 2]) for number in range(20)))
    assert sum(begun) == 7
    for desk in desks:
        async with postgres.acting(desk.scope) as container, await container.get(UnitOfWork):
            assert await (await container.get(StorageLedger)).recount() == 0
