"""Who may what with a site, and who may not even know of it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from dishka import AsyncContainer

from application.shared.page import PageRequest
from application.shared.ports import UnitOfWork
from application.tenancy.change_site import ChangeSite
from application.tenancy.create_organization import CreateOrganization
from application.tenancy.create_site import CreateSite
from application.tenancy.delete_site import DeleteSite
from application.tenancy.ports import MemberRepository, OrganizationRepository
from application.tenancy.read_sites import ListOrganizationSites, ListSites, ShowSite, ShowSiteUsage
from application.tenancy.rename_site import RenameSite
from application.tenancy.resume_site import ResumeSite
from application.tenancy.suspend_site import SuspendSite
from application.tenancy.views import SiteOrder, SiteQuery
from domain.shared.caller import Caller, NotPermittedError
from domain.tenancy.membership import MemberChanges, MemberRole
from domain.tenancy.organization import (
    OrganizationChanges,
    OrganizationInactiveError,
    OrganizationNotFoundError,
    UnknownOrganizationError,
)
from domain.tenancy.plan import Plan
from domain.tenancy.site import SiteChanges, SiteNotFoundError, SiteRole, SiteStatus
from tests.world import World

Step = Callable[[AsyncContainer, str], Awaitable[Any]]


async def change(container: AsyncContainer, slug: str) -> None:
    await (await container.get(ChangeSite))(slug=slug, changes=SiteChanges(name="Another"), seen=None)


async def suspend(container: AsyncContainer, slug: str) -> None:
    await (await container.get(SuspendSite))(slug=slug, seen=None)


async def resume(container: AsyncContainer, slug: str) -> None:
    await (await container.get(ResumeSite))(slug=slug, seen=None)


async def rename(container: AsyncContainer, slug: str) -> None:
    await (await container.get(RenameSite))(slug=slug, new_slug=f"{slug}-2", seen=None)


async def delete(container: AsyncContainer, slug: str) -> None:
    await (await container.get(DeleteSite))(slug=slug, confirm=slug, seen=None)


async def show(container: AsyncContainer, slug: str) -> None:
    await (await container.get(ShowSite))(slug=slug)


async def measure(container: AsyncContainer, slug: str) -> None:
    await (await container.get(ShowSiteUsage))(slug=slug)


WRITES = (change, suspend, resume, rename, delete)
READS = (show, measure)
each_write = pytest.mark.parametrize("write", WRITES)
each_step = pytest.mark.parametrize("step", WRITES + READS)


async def slugs(world: World, caller: Caller, **query: Any) -> list[str]:
    async with world.acting(caller=caller) as container:
        page = await (await container.get(ListSites))(SiteQuery(**query))
    assert page.count == len(page.results)
    return [site.slug for site in page.results]


async def create(world: World, caller: Caller, name: str, organization: str = "", **more: Any) -> None:
    async with world.acting(caller=caller) as container:
        await (await container.get(CreateSite))(
            organization=organization or world.organization,
            name=name,
            slug=world.slug(name),
            description="",
            role=SiteRole.TESTING,
            **more,
        )


async def another_organization(world: World) -> str:
    slug = f"other-{world.suffix}"
    async with world.acting() as container:
        await (await container.get(CreateOrganization))(name="Another", slug=slug, plan=Plan.ENTERPRISE)
    return slug


async def make_inactive(world: World, caller: Caller) -> None:
    async with world.acting() as container, await container.get(UnitOfWork):
        owner = await (await container.get(OrganizationRepository)).get(world.organization)
        members = await container.get(MemberRepository)
        member = await members.find(owner.id, caller.require_user())
        assert member
        await members.save(member.change(MemberChanges(is_active=False), at=world.clock()))


@each_step
async def test_an_owner_may_do_everything(world: World, step: Step) -> None:
    owner = await world.member(MemberRole.OWNER)
    await create(world, owner, "acme")
    async with world.acting(caller=owner) as container:
        if step is resume:
            await suspend(container, world.slug())
        await step(container, world.slug())


@each_write
async def test_a_member_reads_and_changes_nothing(world: World, write: Step) -> None:
    await world.site()
    member = await world.member(MemberRole.MEMBER)
    async with world.acting(caller=member) as container:
        for read in READS:
            await read(container, world.slug())
        with pytest.raises(NotPermittedError):
            await write(container, world.slug())
    with pytest.raises(NotPermittedError):
        await create(world, member, "more")


@each_step
async def test_a_site_of_another_organization_is_like_none(world: World, step: Step) -> None:
    await world.site()
    other = await another_organization(world)
    owner = await world.member(MemberRole.OWNER, organization=other)
    async with world.acting(caller=owner) as container:
        with pytest.raises(SiteNotFoundError) as strange:
            await step(container, world.slug())
        with pytest.raises(SiteNotFoundError) as absent:
            await step(container, world.slug("no"))
    assert str(strange.value) == str(absent.value).replace(world.slug("no"), world.slug())


@each_step
async def test_a_member_who_is_not_active_knows_of_nothing(world: World, step: Step) -> None:
    await world.site()
    owner = await world.member(MemberRole.OWNER)
    await make_inactive(world, owner)
    async with world.acting(caller=owner) as container:
        with pytest.raises(SiteNotFoundError):
            await step(container, world.slug())
    assert await slugs(world, owner) == []


async def test_a_site_is_made_for_an_organization_of_ones_own_alone(world: World) -> None:
    other = await another_organization(world)
    owner = await world.member(MemberRole.OWNER)
    with pytest.raises(UnknownOrganizationError) as strange:
        await create(world, owner, "acme", organization=other)
    with pytest.raises(UnknownOrganizationError) as absent:
        await create(world, owner, "acme", organization="nobodys")

    assert str(strange.value) == str(absent.value).replace("nobodys", other)
    assert await slugs(world, owner) == []


@each_write
async def test_in_an_organization_that_is_not_active_only_the_platform_acts(world: World, write: Step) -> None:
    owner = await world.member(MemberRole.OWNER)
    await create(world, owner, "acme")
    async with world.acting() as container:
        if write is resume:
            await suspend(container, world.slug())
        async with await container.get(UnitOfWork):
            organizations = await container.get(OrganizationRepository)
            found = await organizations.get(world.organization)
            await organizations.save(found.change(OrganizationChanges(is_active=False), at=world.clock()))
    async with world.acting(caller=owner) as container:
        await show(container, world.slug())
        with pytest.raises(OrganizationInactiveError):
            await write(container, world.slug())
    with pytest.raises(OrganizationInactiveError):
        await create(world, owner, "more")
    async with world.acting() as container:
        await write(container, world.slug())


async def test_lists_and_counts_only_sites_of_ones_own_organizations(world: World) -> None:
    other = await another_organization(world)
    owner = await world.member(MemberRole.OWNER)
    member = await world.member(MemberRole.MEMBER)
    stranger = await world.member(MemberRole.OWNER, "stranger", organization=other)
    for name in ("c", "a", "b"):
        await create(world, owner, name)
    await create(world, stranger, "theirs", organization=other)
    async with world.acting() as container:
        await delete(container, world.slug("b"))

    assert await slugs(world, owner) == await slugs(world, member) == [world.slug("a"), world.slug("c")]
    assert await slugs(world, stranger) == [world.slug("theirs")]
    assert await slugs(world, owner, organization=other) == []
    assert await slugs(world, stranger, search=world.suffix) == [world.slug("theirs")]


async def test_pages_have_the_count_of_what_the_caller_may_see(world: World) -> None:
    other = await another_organization(world)
    owner = await world.member(MemberRole.OWNER)
    stranger = await world.member(MemberRole.OWNER, "stranger", organization=other)
    for name in ("a", "b", "c"):
        await create(world, owner, name)
        await create(world, stranger, f"not-{name}", organization=other)
    async with world.acting(caller=owner) as container:
        list_sites = await container.get(ListSites)
        pages = [await list_sites(SiteQuery(page=PageRequest(number=number, size=2))) for number in (1, 2, 3)]

    assert [page.count for page in pages] == [3, 3, 3]
    assert [[site.name for site in page.results] for page in pages] == [["a", "b"], ["c"], []]


async def test_the_operator_sees_all(world: World) -> None:
    other = await another_organization(world)
    await world.site("mine")
    await create(world, await world.member(MemberRole.OWNER, organization=other), "theirs", organization=other)
    async with world.acting() as container:
        found = await (await container.get(ListSites))(SiteQuery(search=f"-{world.suffix}"))

    assert [site.slug for site in found.results] == [world.slug("mine"), world.slug("theirs")]


async def test_filters_and_orders(world: World) -> None:
    owner = await world.member(MemberRole.OWNER)
    for name in ("a", "b"):
        await create(world, owner, name)
    async with world.acting(caller=owner) as container:
        await suspend(container, world.slug("b"))
        role = SiteChanges(role=SiteRole.STAGING, description="The 100% one")
        await (await container.get(ChangeSite))(slug=world.slug("b"), changes=role, seen=None)
    a, b = world.slug("a"), world.slug("b")

    assert await slugs(world, owner, status=SiteStatus.SUSPENDED) == [b]
    assert await slugs(world, owner, status=SiteStatus.DELETED) == []
    assert await slugs(world, owner, role=SiteRole.STAGING) == [b]
    assert await slugs(world, owner, organization=world.organization) == [a, b]
    assert await slugs(world, owner, search="100% ONE") == [b]
    assert await slugs(world, owner, ordering=SiteOrder.NAME_DOWN) == [b, a]
    assert await slugs(world, owner, ordering=SiteOrder.CREATED_AT) == [a, b]


async def test_the_sites_of_one_organization_are_for_its_members(world: World) -> None:
    other = await another_organization(world)
    member = await world.member(MemberRole.MEMBER)
    await world.site()
    async with world.acting(caller=member) as container:
        list_them = await container.get(ListOrganizationSites)
        page = await list_them(organization=world.organization, query=SiteQuery())
        with pytest.raises(OrganizationNotFoundError) as strange:
            await list_them(organization=other, query=SiteQuery())
        with pytest.raises(OrganizationNotFoundError) as absent:
            await list_them(organization="nobodys", query=SiteQuery())

    assert [site.slug for site in page.results] == [world.slug()]
    assert str(strange.value) == str(absent.value).replace("nobodys", other)
