import asyncio

import pytest

from application.shared.ports import UnitOfWork
from application.tenancy.organization_ports import SiteAccessRepository
from application.tenancy.ports import MemberRepository
from domain.tenancy.site import SiteNotFoundError
from tests.contracts.tenancy.people import a_caller, a_member, a_user, add, found, home, read
from tests.world import World


async def test_access_is_given_once_and_taken_with_the_membership(world: World) -> None:
    organization, user = await home(world), await a_user(world, "ada")
    member, north, south = a_member(world, organization, user.id), await world.site("north"), await world.site("south")
    await add(world, member)

    async def grant(site: str) -> None:
        async with world.acting() as container:
            access = await container.get(SiteAccessRepository)
            async with await container.get(UnitOfWork):
                await access.grant(member, site, at=world.clock(), by=user.id)

    await asyncio.gather(*(grant(site.slug) for site in (south, north, north)))
    assert (await read(world, member)).sites == [north.slug, south.slug]
    async with world.acting() as container:
        access, members = await container.get(SiteAccessRepository), await container.get(MemberRepository)
        for _ in range(2):
            async with await container.get(UnitOfWork):
                await access.revoke(member, north.slug)
        assert (await read(world, member)).sites == [south.slug]
        async with await container.get(UnitOfWork):
            await members.remove(member)
            await members.add(member)
    assert (await read(world, member)).sites == []


async def test_only_sites_of_the_members_organization_can_be_given(world: World) -> None:
    other, user = await found(world, await a_caller(world, "stranger")), await a_user(world, "ada")
    member, site = a_member(world, other.id, user.id), await world.site()
    await add(world, member)

    async with world.acting() as container:
        access = await container.get(SiteAccessRepository)
        for slug in (site.slug, "nothing", ""):
            with pytest.raises(SiteNotFoundError):
                async with await container.get(UnitOfWork):
                    await access.grant(member, slug, at=world.clock(), by=None)
            with pytest.raises(SiteNotFoundError):
                async with await container.get(UnitOfWork):
                    await access.revoke(member, slug)
    assert (await read(world, member)).sites == []
