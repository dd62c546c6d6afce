import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from application.access.grant_views import SEES_ALL
from application.files.ports import FileReader, FileRepository, UploadRepository
from application.files.views import FileOrder, FileQuery, FileView
from application.shared.page import PageRequest, Period
from application.shared.ports import UnitOfWork
from domain.files.file import File, FileChanges, FileStatus, NoSuchFileError
from domain.files.upload import FileId, Place, UnknownPlaceError, UploadId
from domain.shared.kinds import ProjectId, TaskId
from domain.tenancy.scope import Scope
from entrypoints.identifiers import new_id
from tests.contracts.files.files import NOON, a_draft, a_file, a_replacement, add, read, terms
from tests.contracts.projects.test_projects import a_project
from tests.contracts.projects.test_projects import add as add_project
from tests.world import PLATFORM, World

NOBODY = UUID(int=7)


async def names(world: World, scope: Scope, query: FileQuery | None = None) -> list[str]:
    async with world.acting(scope) as container:
        page = await (await container.get(FileReader)).page(query or FileQuery(), SEES_ALL, frozenset())
        assert page.count == len(page.results)
        return [file.name for file in page.results]


async def test_gives_back_what_was_added(world: World) -> None:
    site = await world.site()
    ada = (await world.admin(site)).id
    project = a_project(ada)
    await add_project(world, site, project)
    file = a_file(ada, place=Place(project=project.id))
    draft, replacement = a_draft(ada, handle="7", place=Place(project=project.id)), a_replacement(file, ada)
    await add(world, site, file, draft, replacement)

    async with world.acting(site) as container, await container.get(UnitOfWork):
        uploads = await container.get(UploadRepository)
        assert await (await container.get(FileRepository)).find(file.id) == file
        assert await uploads.find(draft.file_id) == draft
        assert await uploads.find(file.id) == replacement
        assert await uploads.place(draft.file_id, ada) == Place(project=project.id)
        assert await uploads.place(draft.file_id, None) is await uploads.place(file.id, ada) is None
    assert await read(world, site, file.id) == FileView.of(file)
    assert await read(world, site, draft.file_id, ada) == FileView.of_draft(draft)


async def test_two_sites_never_see_each_others(world: World) -> None:
    ant, bee = await world.site("ant"), await world.site("bee")
    ada = (await world.admin(ant)).id
    file, draft = a_file(ada), a_draft(ada)
    await add(world, ant, file, draft)

    assert await names(world, bee) == []
    async with world.acting(bee) as container, await container.get(UnitOfWork):
        files, uploads = await container.get(FileRepository), await container.get(UploadRepository)
        reader = await container.get(FileReader)
        assert await files.find(file.id) is await uploads.find(draft.file_id) is None
        assert await uploads.known([file.upload_id, draft.id]) == frozenset()
        assert await uploads.settled([file.upload_id, draft.id]) == frozenset()
        assert await uploads.expired(before=NOON + timedelta(days=9), after=None, limit=9) == []
        assert (await reader.pending(FileQuery(), ada)).count == 0
        for file_id in (file.id, draft.file_id):
            with pytest.raises(NoSuchFileError):
                await reader.get(file_id, SEES_ALL, frozenset(), ada)
        with pytest.raises(NoSuchFileError):
            await files.save(file)
        with pytest.raises(NoSuchFileError):
            await files.remove(file.id)
    assert await names(world, ant) == ["Plan.txt"]


async def test_the_platform_has_no_files(world: World) -> None:
    with pytest.raises((LookupError, RuntimeError)):
        await names(world, PLATFORM)


async def test_lies_in_nothing_that_the_site_does_not_have(world: World) -> None:
    site = await world.site()
    ada = (await world.admin(site)).id
    for place in (Place(project=ProjectId(NOBODY)), Place(task=TaskId(NOBODY))):
        for thing in (a_file(ada, place=place), a_draft(ada, place=place)):
            with pytest.raises(UnknownPlaceError):
                await add(world, site, thing)


async def test_saves_every_field(world: World) -> None:
    site = await world.site()
    ada = (await world.admin(site)).id
    project = a_project(ada)
    await add_project(world, site, project)
    file, draft = a_file(ada), a_draft(ada)
    await add(world, site, file, draft)
    later = NOON + timedelta(days=1)
    changed = file.replaced_by(a_replacement(file, ada, b"longer than before"), at=later)
    changed = changed.change(FileChanges(name="Other", project=project.id), at=later).quarantine(at=later)
    newer = draft.superseded_by(replace(draft, id=UploadId(new_id()), handle="9", terms=terms(b"x"), expires_at=later))
    async with world.acting(site) as container, await container.get(UnitOfWork):
        await (await container.get(FileRepository)).save(changed)
        await (await container.get(UploadRepository)).save(newer)

    assert await read(world, site, file.id) == FileView.of(changed)
    async with world.acting(site) as container, await container.get(UnitOfWork):
        assert await (await container.get(UploadRepository)).find(draft.file_id) == newer


async def test_what_is_pending_is_its_uploaders_alone(world: World) -> None:
    site = await world.site()
    ada, bob = (await world.admin(site)).id, (await world.user(site, "bob")).id
    draft, file = a_draft(ada, "Draft"), a_file(ada, "There")
    await add(world, site, draft, file, a_replacement(file, ada))

    assert await names(world, site) == ["There"]
    async with world.acting(site) as container:
        reader = await container.get(FileReader)
        assert [one.name for one in (await reader.pending(FileQuery(), ada)).results] == ["Draft"]
        assert (await reader.pending(FileQuery(), bob)).count == 0
        for uploader in (bob, None):
            with pytest.raises(NoSuchFileError):
                await reader.get(draft.file_id, SEES_ALL, frozenset(), uploader)


@pytest.mark.parametrize("ordering", list(FileOrder))
async def test_orders_and_breaks_ties_the_same_way_everywhere(world: World, ordering: FileOrder) -> None:
    site = await world.site()
    ada = (await world.admin(site)).id
    kinds = ("image/png", "text/plain", "audio/ogg", "text/csv")
    drafts = [
        a_draft(ada, name, at=NOON + timedelta(hours=hour), announced=terms(b"x" * hour, kinds[hour]))
        for hour, name in enumerate("badc")
    ]
    drafts += [a_draft(ada, "a"), a_draft(ada, "a")]
    files = [File.of(replace(one, file_id=FileId(new_id()), id=UploadId(new_id())), at=NOON) for one in drafts]
    await add(world, site, *drafts, *files)
    query = FileQuery(ordering=ordering)

    def in_order(views: list[FileView]) -> list[FileView]:
        field = ordering.value.removeprefix("-")
        return sorted(views, key=lambda one: (getattr(one, field), one.id), reverse=ordering.value.startswith("-"))

    async with world.acting(site) as container:
        reader = await container.get(FileReader)
        there, pending = await reader.page(query, SEES_ALL, frozenset()), await reader.pending(query, ada)
    assert there.results == in_order([FileView.of(one) for one in files])
    assert pending.results == in_order([FileView.of_draft(one) for one in drafts])


async def test_filters_by_each_field(world: World) -> None:
    site = await world.site()
    ada, bob = (await world.admin(site)).id, (await world.user(site, "bob")).id
    project = a_project(ada)
    await add_project(world, site, project)
    plain = a_file(ada, "Plain 100%.txt")
    picture = a_file(bob, "Picture", announced=terms(b"x" * 99, "image/png"), at=NOON + timedelta(days=2))
    placed = a_file(ada, "Placed", place=Place(project=project.id)).quarantine(at=NOON)
    await add(world, site, plain, picture, placed)
    found = {
        "search": await names(world, site, FileQuery(search="100%")),
        "name": await names(world, site, FileQuery(name="Picture")),
        "status": await names(world, site, FileQuery(status=FileStatus.QUARANTINED)),
        "type": await names(world, site, FileQuery(content_type="image/png")),
        "project": await names(world, site, FileQuery(project=project.id)),
        "task": await names(world, site, FileQuery(task=NOBODY)),
        "owner": await names(world, site, FileQuery(owner=bob)),
        "smallest": await names(world, site, FileQuery(smallest=99)),
        "largest": await names(world, site, FileQuery(largest=11, ordering=FileOrder.NAME)),
        "created": await names(world, site, FileQuery(created=Period(start=NOON + timedelta(days=1)))),
    }

    assert found == {
        "search": ["Plain 100%.txt"],
        "name": ["Picture"],
        "status": ["Placed"],
        "type": ["Picture"],
        "project": ["Placed"],
        "task": [],
        "owner": ["Picture"],
        "smallest": ["Picture"],
        "largest": ["Placed", "Plain 100%.txt"],
        "created": ["Picture"],
    }


async def test_counts_what_matches_on_every_page(world: World) -> None:
    site = await world.site()
    ada = (await world.admin(site)).id
    await add(world, site, *(a_file(ada, f"F{number}") for number in range(5)), a_draft(ada, "F"))

    counts = []
    async with world.acting(site) as container:
        reader = await container.get(FileReader)
        for number in (1, 3, 4):
            query = FileQuery(page=PageRequest(number=number, size=2), search="f")
            page = await reader.page(query, SEES_ALL, frozenset())
            counts.append((page.count, len(page.results)))
    assert counts == [(5, 2), (5, 1), (5, 0)]


async def test_finds_what_lies_in_a_place_and_ends_what_is_on_its_way_there(world: World) -> None:
    site = await world.site()
    ada = (await world.admin(site)).id
    inner, outer = a_project(ada), a_project(ada)
    await add_project(world, site, inner, outer)
    place = Place(project=inner.id)
    first, second, other = a_file(ada, place=place), a_file(ada, place=place), a_file(ada)
    draft, replacement = a_draft(ada, place=place), a_replacement(first, ada)
    kept = [a_draft(ada), a_draft(ada, place=Place(project=outer.id)), a_replacement(other, ada)]
    await add(world, site, first, second, other, draft, replacement, *kept)

    async with world.acting(site) as container, await container.get(UnitOfWork):
        files, uploads = await container.get(FileRepository), await container.get(UploadRepository)
        found = await files.find_in(place)
        assert found == [first, second]
        ended = await uploads.remove_in(place, [one.id for one in found])
        assert {one.id for one in ended} == {draft.id, replacement.id}
        for one in kept:
            assert await uploads.find(one.file_id) == one


async def test_lists_what_ran_out_in_the_order_of_ids(world: World) -> None:
    site = await world.site()
    ada = (await world.admin(site)).id
    old = [a_draft(ada, at=NOON) for _ in range(3)]
    await add(world, site, *reversed(old), a_draft(ada, at=NOON + timedelta(days=1)))
    before = NOON + timedelta(hours=4)

    async with world.acting(site) as container:
        uploads = await container.get(UploadRepository)
        assert await uploads.expired(before=before, after=None, limit=2) == old[:2]
        assert await uploads.expired(before=before, after=old[1].file_id, limit=2) == old[2:]


async def test_knows_the_bytes_that_something_names(world: World) -> None:
    site = await world.site()
    ada = (await world.admin(site)).id
    file, draft = a_file(ada), a_draft(ada)
    await add(world, site, file, draft)

    async with world.acting(site) as container:
        asked = [file.upload_id, draft.id, UploadId(NOBODY)]
        known = await (await container.get(UploadRepository)).known(asked)
        assert await (await container.get(UploadRepository)).settled(asked) == {file.upload_id}
    assert known == {file.upload_id, draft.id}


async def test_no_update_is_lost_under_concurrency(world: World) -> None:
    site = await world.site()
    file = a_file((await world.admin(site)).id)
    await add(world, site, file)

    async def change() -> None:
        async with world.acting(site) as container:
            files = await container.get(FileRepository)
            async with await container.get(UnitOfWork):
                current = await files.find(file.id)
                assert current
                await files.save(current.change(FileChanges(), at=NOON))

    await asyncio.gather(*(change() for _ in range(8)))
    assert (await read(world, site, file.id)).version == file.version + 8
