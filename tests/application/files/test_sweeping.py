from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.memory.file_store import MemorySiteStores
from adapters.memory.storage import MemoryFleetStorage
from application.files.store import FileStoreUnavailableError
from application.files.sweep_files import Swept
from application.files.sweep_sites import DiscardSite, SweepSites, SweptSites
from application.shared.jobs import NotNowError
from domain.files.file import NoSuchFileError
from domain.files.upload import UploadId
from domain.shared.caller import Caller, NotPermittedError
from domain.tenancy.site import SiteId
from entrypoints.identifiers import new_id
from tests.application.files.desk import ADA, HELLO, OPERATOR, Desk


async def test_gives_up_what_ran_out_and_lets_the_rest_be() -> None:
    desk = Desk()
    file, late = await desk.stored(), await desk.begin()
    await desk.replace(file, b"never sent")
    desk.send(late.signed)
    desk.now += timedelta(hours=2)
    young = await desk.begin()
    desk.now += timedelta(hours=2, minutes=1)

    assert await desk.sweep(only_look=True) == Swept(expired=2)
    assert len(desk.tables.uploads) == 3
    assert await desk.sweep() == Swept(expired=2)
    assert await desk.sweep() == Swept()
    assert {one.file_id for one in desk.tables.uploads.values()} == {young.file.id}
    with pytest.raises(NoSuchFileError):
        await desk.complete(late.file)
    assert (await desk.download(file), desk.used) == (HELLO, 2 * len(HELLO))
    assert desk.kept() == {file.upload_id}


async def test_what_ran_out_lately_may_still_be_completed() -> None:
    desk = Desk()
    begun = await desk.begin()
    desk.send(begun.signed)
    desk.now += timedelta(hours=3, minutes=59)
    assert await desk.sweep() == Swept()
    await desk.complete(begun.file)


async def test_discards_old_bytes_that_nothing_names() -> None:
    desk = Desk(part_bytes=4)
    file, deleted, parts = await desk.stored(), await desk.stored(), await desk.begin()
    await desk.delete(deleted)
    await desk.delete(parts.file)
    desk.jobs.added.clear()
    desk.now += timedelta(hours=23)
    assert await desk.sweep() == Swept()
    desk.now += timedelta(hours=2)
    assert await desk.sweep(only_look=True) == Swept(orphans=2)
    assert len(desk.kept()) == 3

    assert await desk.sweep() == Swept(orphans=2)
    assert desk.kept() == {file.upload_id}


async def test_discards_what_was_sent_once_more_after_it_was_settled() -> None:
    desk = Desk()
    begun, late = await desk.begin(), await desk.begin()
    for one in (begun, late):
        desk.send(one.signed)
    file = await desk.complete(begun.file)
    desk.send(begun.signed)
    assert await desk.sweep() == Swept()
    desk.lifetimes = replace(desk.lifetimes, upload=timedelta(days=7))
    desk.now += timedelta(days=1, seconds=1)
    opened = await desk.begin()
    desk.send(opened.signed)
    desk.now += timedelta(days=1, seconds=1)
    assert await desk.sweep(only_look=True) == Swept(expired=1, orphans=1)
    assert len(desk.objects.objects) == 4

    assert await desk.sweep() == Swept(expired=1, orphans=1)
    assert {key[1:] for key in desk.objects.objects} == {("files", file.upload_id), ("incoming", opened.file.upload_id)}
    assert await desk.download(file) == HELLO
    assert (await desk.complete(opened.file)).size == len(HELLO)


async def test_repairs_the_count() -> None:
    desk = Desk()
    await desk.stored()
    desk.database.site_storage[desk.scope.site_id] += 5
    for owner in desk.database.organization_storage:
        desk.database.organization_storage[owner] += 5

    assert await desk.sweep() == Swept(recounted=5)
    assert desk.used == len(HELLO) == sum(desk.database.organization_storage.values())


async def test_without_the_store_it_gives_room_back_and_fails() -> None:
    desk = Desk()
    begun = await desk.begin()
    desk.send(begun.signed)
    desk.now += timedelta(days=2)
    desk.objects.is_down = True
    with pytest.raises(FileStoreUnavailableError):
        await desk.sweep()
    assert desk.used == 0
    desk.objects.is_down = False
    assert await desk.sweep() == Swept(orphans=1)


async def test_is_for_the_platform_itself() -> None:
    desk = Desk()
    with pytest.raises(NotPermittedError):
        await desk.sweep(ADA)
    with pytest.raises(NotPermittedError):
        await sweeping(desk, caller=ADA)()


def sweeping(desk: Desk, caller: Caller = OPERATOR) -> SweepSites:
    return SweepSites(
        caller=caller,
        stores=MemorySiteStores(desk.objects),
        storage=MemoryFleetStorage(desk.database),
        work=desk.work,
    )


async def test_a_deleted_site_leaves_nothing_and_an_unknown_one_is_told_and_left_alone() -> None:
    desk = Desk()
    await desk.stored()
    ((key, found),) = desk.objects.objects.items()
    strange = SiteId(new_id())
    desk.objects.objects[(strange, "files", UploadId(new_id()))] = found
    assert await sweeping(desk)() == SweptSites(unknown=[strange])
    site = desk.database.sites[desk.scope.site_id]
    desk.database.sites[site.id] = site.delete(at=desk.now, confirm="acme")

    found_out = SweptSites(discarded=[site.id], unknown=[strange], recounted=1)
    assert await sweeping(desk)(only_look=True) == found_out
    assert key in desk.objects.objects
    assert await sweeping(desk)() == found_out
    assert await sweeping(desk)() == SweptSites(unknown=[strange])
    assert {one[0] for one in desk.objects.objects} == {strange}


async def test_discarding_a_site_waits_for_the_store() -> None:
    desk = Desk()
    await desk.stored()
    discard = DiscardSite(stores=MemorySiteStores(desk.objects))
    desk.objects.is_down = True
    with pytest.raises(NotNowError):
        await discard(site_id=desk.scope.site_id)
    desk.objects.is_down = False
    await discard(site_id=desk.scope.site_id)
    assert desk.kept() == set()
