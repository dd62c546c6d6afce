"""Of an organization's sites at most one is the primary one."""

import asyncio

import pytest

from application.tenancy.change_site import ChangeSite
from application.tenancy.create_site import CreateSite
from application.tenancy.delete_site import DeleteSite
from application.tenancy.ports import SiteReader
from application.tenancy.read_sites import ListSites
from application.tenancy.views import SiteQuery
from domain.shared.errors import StaleError
from domain.tenancy.site import PrimarySiteError, SiteChanges, SiteRole
from tests.world import World


async def change(world: World, name: str, changes: SiteChanges, seen: frozenset[int] | None = None) -> None:
    async with world.acting() as container:
        await (await container.get(ChangeSite))(slug=world.slug(name), changes=changes, seen=seen)


async def make_primary(world: World, name: str) -> None:
    await change(world, name, SiteChanges(is_primary=True))


async def delete(world: World, name: str) -> None:
    async with world.acting() as container:
        slug = world.slug(name)
        await (await container.get(DeleteSite))(slug=slug, confirm=slug, seen=None)


async def create(world: World, name: str, *, is_primary: bool) -> None:
    async with world.acting() as container:
        await (await container.get(CreateSite))(
            organization=world.organization,
            name=name,
            slug=world.slug(name),
            description="",
            role=SiteRole.TESTING,
            is_primary=is_primary,
        )


async def primaries(world: World) -> list[str]:
    async with world.acting() as container:
        page = await (await container.get(ListSites))(SiteQuery(organization=world.organization))
    return [site.name for site in page.results if site.is_primary]


async def test_the_first_site_is_the_primary_one(world: World) -> None:
    await world.site("first")
    await world.site("second")

    assert await primaries(world) == ["first"]


async def test_another_one_takes_its_place(world: World) -> None:
    await world.site("first")
    await world.site("second")
    async with world.acting() as container:
        before = await (await container.get(SiteReader)).get(world.slug("first"), None)
    await make_primary(world, "second")

    assert await primaries(world) == ["second"]
    async with world.acting() as container:
        after = await (await container.get(SiteReader)).get(world.slug("first"), None)
    assert after.version == before.version + 1


async def test_a_new_one_can_take_its_place(world: World) -> None:
    await create(world, "first", is_primary=False)
    await create(world, "second", is_primary=True)

    assert await primaries(world) == ["second"]


async def test_it_does_not_just_step_down(world: World) -> None:
    await world.site("first")
    await world.site("second")
    with pytest.raises(PrimarySiteError):
        await change(world, "first", SiteChanges(is_primary=False))
    await change(world, "second", SiteChanges(is_primary=False))

    assert await primaries(world) == ["first"]


async def test_a_refused_change_leaves_the_primary_one(world: World) -> None:
    await world.site("first")
    await world.site("second")
    with pytest.raises(StaleError):
        await change(world, "second", SiteChanges(is_primary=True), seen=frozenset({99}))

    assert await primaries(world) == ["first"]


async def test_a_deleted_one_leaves_none_until_one_is_chosen(world: World) -> None:
    for name in ("first", "second"):
        await world.site(name)
    await delete(world, "first")
    await world.site("third")
    assert await primaries(world) == []

    await make_primary(world, "third")
    assert await primaries(world) == ["third"]


async def test_after_the_last_one_the_next_is_the_first_again(world: World) -> None:
    await world.site("first")
    await delete(world, "first")
    await world.site("second")

    assert await primaries(world) == ["second"]


async def test_of_many_that_want_to_be_it_at_once_one_is(world: World) -> None:
    names = [f"s{number}" for number in range(5)]
    await asyncio.gather(*(world.site(name) for name in names))
    assert len(await primaries(world)) == 1

    await asyncio.gather(*(make_primary(world, name) for name in names))
    assert len(await primaries(world)) == 1


async def test_deleted_and_replaced_at_once_there_is_one_at_most(world: World) -> None:
    for name in ("first", "second", "third"):
        await world.site(name)
    await asyncio.gather(
        delete(world, "first"), make_primary(world, "second"), create(world, "fourth", is_primary=True)
    )

    assert len(await primaries(world)) == 1
