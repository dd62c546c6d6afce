"""How many bytes count: exactly, under concurrency, over all sites of an organization."""

import asyncio
from contextlib import suppress
from uuid import UUID

import pytest

from application.files.ports import FleetStorage, StorageLedger, StorageLimitError
from application.shared.ports import UnitOfWork
from application.tenancy.delete_site import DeleteSite
from application.tenancy.ports import OrganizationRepository
from application.tenancy.read_sites import ShowSiteUsage
from application.tenancy.views import SiteFilesView
from domain.tenancy.organization import OrganizationChanges, OrganizationId
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteId
from tests.contracts.files.files import a_draft, a_file, add
from tests.world import World

STRANGE = SiteId(UUID(int=7))


async def allow(world: World, size: int) -> OrganizationId:
    async with world.acting() as container, await container.get(UnitOfWork):
        organizations: OrganizationRepository = await container.get(OrganizationRepository)
        found = await organizations.get(world.organization)
        await organizations.save(found.change(OrganizationChanges(max_storage_bytes=size), at=world.clock()))
        return found.id


async def take(world: World, scope: SiteScope, size: int) -> bool:
    """Whether there was room."""
    async with world.acting(scope) as container:
        ledger = await container.get(StorageLedger)
        try:
            async with await container.get(UnitOfWork):
                await ledger.take(size)
        except StorageLimitError:
            return False
    return True


async def used(world: World, name: str) -> SiteFilesView:
    async with world.acting() as container:
        return (await (await container.get(ShowSiteUsage))(slug=world.slug(name))).files


async def test_there_is_room_to_the_last_byte_over_all_sites(world: World) -> None:
    ant, bee = await world.site("ant"), await world.site("bee")
    await allow(world, 100)

    assert not await take(world, ant, 101)
    assert await take(world, ant, 60)
    assert not await take(world, bee, 41)
    assert await take(world, bee, 40)
    assert await take(world, bee, 0)
    assert await take(world, ant, -1)
    assert await take(world, bee, 1)
    assert ((await used(world, "ant")).bytes, (await used(world, "bee")).bytes) == (59, 41)


async def test_seven_of_twenty_at_once_over_two_sites(world: World) -> None:
    ant, bee = await world.site("ant"), await world.site("bee")
    await allow(world, 7 * 11 + 10)
    taken = await asyncio.gather(*(take(world, (ant, bee)[number % 2], 11) for number in range(20)))

    assert sum(taken) == 7
    assert (await used(world, "ant")).bytes + (await used(world, "bee")).bytes == 77


async def test_tells_whether_there_is_room_without_taking_it(world: World) -> None:
    site = await world.site()
    await allow(world, 10)
    await take(world, site, 4)
    async with world.acting(site) as container:
        ledger = await container.get(StorageLedger)
        for size in (6, 6, 0, -1):
            await ledger.require_room(size)
        with pytest.raises(StorageLimitError):
            await ledger.require_room(7)


async def test_of_nothing_there_is_room_also_beyond_the_limit(world: World) -> None:
    site = await world.site()
    await take(world, site, 100)
    await allow(world, 50)

    assert not await take(world, site, 1)
    assert await take(world, site, 0)
    assert await take(world, site, -60)
    assert await take(world, site, 10)
    assert not await take(world, site, 1)


async def test_what_is_rolled_back_was_never_taken(world: World) -> None:
    site = await world.site()
    async with world.acting(site) as container:
        ledger = await container.get(StorageLedger)
        with suppress(LookupError):
            async with await container.get(UnitOfWork):
                await ledger.take(9)
                raise LookupError
    assert (await used(world, "acme")).bytes == 0


async def test_counts_files_and_what_is_on_its_way(world: World) -> None:
    site = await world.site()
    ada = (await world.admin(site)).id
    await add(world, site, a_file(ada), a_file(ada), a_draft(ada))

    assert await used(world, "acme") == SiteFilesView(count=2, bytes=33)


async def test_a_deleted_site_gives_its_bytes_back(world: World) -> None:
    ant, bee = await world.site("ant"), await world.site("bee")
    await allow(world, 100)
    await take(world, ant, 60)
    await take(world, bee, 30)
    async with world.acting() as container:
        await (await container.get(DeleteSite))(slug=world.slug("ant"), confirm=world.slug("ant"), seen=None)
    await world.settle()

    assert await take(world, bee, 70)
    assert not await take(world, bee, 1)


async def test_a_recount_makes_it_what_the_rows_say(world: World) -> None:
    ant, bee = await world.site("ant"), await world.site("bee")
    owner = await allow(world, 100)
    await add(world, ant, a_file((await world.admin(ant)).id))
    await take(world, ant, 50)
    await take(world, bee, -5)
    drifts = []
    for scope in (ant, ant, bee):
        async with world.acting(scope) as container, await container.get(UnitOfWork):
            drifts.append(await (await container.get(StorageLedger)).recount())

    assert drifts == [50, 0, -5]
    assert not await take(world, bee, 90)
    assert await take(world, bee, 89)
    async with world.acting() as container:
        assert owner not in await (await container.get(FleetStorage)).miscounted()


async def test_what_is_given_back_first_is_counted_too(world: World) -> None:
    site = await world.site()
    await allow(world, 10)
    assert await take(world, site, -5)
    assert await take(world, site, 15)
    assert not await take(world, site, 1)


async def test_knows_which_sites_there_are_and_were(world: World) -> None:
    ant, bee = await world.site("ant"), await world.site("bee")
    async with world.acting() as container:
        await (await container.get(DeleteSite))(slug=world.slug("ant"), confirm=world.slug("ant"), seen=None)
    async with world.acting() as container:
        alive = await (await container.get(FleetStorage)).alive([ant.site_id, bee.site_id, STRANGE])

    assert alive == {ant.site_id: False, bee.site_id: True}
