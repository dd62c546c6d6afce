import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from application.shared.page import PageRequest, Period
from application.shared.ports import UnitOfWork
from application.tenancy.organization_ports import MemberReader, SiteAccessRepository
from application.tenancy.organization_views import MemberOrder, MemberQuery, MemberView
from application.tenancy.ports import MemberRepository, OrganizationRepository
from domain.identity.user import User, UserNotFoundError
from domain.shared.caller import UserId
from domain.tenancy.membership import (
    Member,
    MemberChanges,
    MemberExistsError,
    MemberId,
    MemberNotFoundError,
    MemberRole,
)
from domain.tenancy.organization import OrganizationId
from domain.tenancy.site import SiteNotFoundError
from entrypoints.identifiers import new_id
from tests.contracts.tenancy.test_organizations import a_caller, found, stored
from tests.world import PLATFORM, World


async def a_user(world: World, name: str) -> User:
    return await world.user(PLATFORM, f"{name}-{world.suffix}")


def a_member(world: World, organization: OrganizationId, user: UserId, role: MemberRole = MemberRole.MEMBER) -> Member:
    now = world.clock()
    return Member(
        id=MemberId(new_id()),
        organization_id=organization,
        user_id=user,
        role=role,
        joined_at=now,
        created_at=now,
        updated_at=now,
        created_by=user,
    )


async def add(world: World, *members: Member) -> None:
    async with world.acting() as container:
        repository = await container.get(MemberRepository)
        async with await container.get(UnitOfWork):
            for member in members:
                await repository.add(member)


async def read(world: World, member: Member) -> MemberView:
    async with world.acting() as container:
        view: MemberView = await (await container.get(MemberReader)).get(member.organization_id, member.user_id)
        return view


async def home(world: World) -> OrganizationId:
    """The one organization, which has no members."""
    return (await stored(world, world.organization)).id


async def test_gives_back_what_was_added_and_saved(world: World) -> None:
    organization, user = await home(world), await a_user(world, "ada")
    member = a_member(world, organization, user.id)
    await add(world, member)
    changes = MemberChanges(role=MemberRole.OWNER, title="t", department="d", phone="p", is_active=False)
    changed = replace(member.change(changes, at=world.clock()), last_active_at=world.clock() + timedelta(1))
    async with world.acting() as container:
        repository = await container.get(MemberRepository)
        async with await container.get(UnitOfWork):
            assert await repository.find(organization, user.id) == member
            await repository.save(changed)
            assert await repository.find(organization, user.id) == changed
            assert await repository.find(organization, UserId(new_id())) is None
    view = await read(world, member)
    same = set(MemberView.__slots__) - {"user", "sites"}
    assert {name: getattr(view, name) for name in same} == {name: getattr(changed, name) for name in same}
    assert (view.user.id, view.user.username, view.user.email) == (user.id, user.username, user.email)


async def test_counts_places_and_owners(world: World) -> None:
    organization = await home(world)
    users = [await a_user(world, f"u{number}") for number in range(4)]
    owner, other, plain, away = (
        a_member(world, organization, user.id, role)
        for user, role in zip(users, [MemberRole.OWNER] * 2 + [MemberRole.MEMBER] * 2, strict=True)
    )
    await add(world, owner, replace(other, is_active=False), plain, replace(away, is_active=False))

    async with world.acting() as container:
        repository = await container.get(MemberRepository)
        assert await repository.count(organization) == 4
        assert await repository.owners(organization) == 1
        assert await repository.count(OrganizationId(new_id())) == 0


async def test_a_user_is_a_member_once_and_only_if_there_is_one(world: World) -> None:
    organization, user = await home(world), await a_user(world, "ada")
    await add(world, a_member(world, organization, user.id))

    with pytest.raises(MemberExistsError):
        await add(world, a_member(world, organization, user.id))
    with pytest.raises(UserNotFoundError):
        await add(world, a_member(world, organization, UserId(new_id())))
    async with world.acting() as container:
        assert await (await container.get(MemberRepository)).count(organization) == 1


async def test_who_was_removed_is_no_member(world: World) -> None:
    organization, user = await home(world), await a_user(world, "ada")
    member = a_member(world, organization, user.id)
    await add(world, member)
    async with world.acting() as container:
        repository = await container.get(MemberRepository)
        async with await container.get(UnitOfWork):
            await repository.remove(member)
            await repository.remove(member)
        with pytest.raises(MemberNotFoundError):
            async with await container.get(UnitOfWork):
                await repository.save(member)
    with pytest.raises(MemberNotFoundError):
        await read(world, member)


async def test_a_failed_transaction_leaves_nothing(world: World) -> None:
    organization, user = await home(world), await a_user(world, "ada")
    with pytest.raises(UserNotFoundError):
        await add(
            world,
            a_member(world, organization, user.id),
            a_member(world, organization, UserId(new_id())),
        )

    async with world.acting() as container:
        assert await (await container.get(MemberRepository)).count(organization) == 0


async def test_the_organizations_lock_makes_counting_safe(world: World) -> None:
    organization = await home(world)
    users = [await a_user(world, f"u{number}") for number in range(8)]

    async def join(user: User) -> None:
        async with world.acting() as container:
            organizations, members = await container.get(OrganizationRepository), await container.get(MemberRepository)
            async with await container.get(UnitOfWork):
                await organizations.get_by_id(organization)
                if await members.count(organization) < 3:
                    await members.add(a_member(world, organization, user.id))

    await asyncio.gather(*(join(user) for user in users))
    async with world.acting() as container:
        assert await (await container.get(MemberRepository)).count(organization) == 3


@pytest.mark.parametrize("ordering", list(MemberOrder))
async def test_orders_and_pages_the_same_way_everywhere(world: World, ordering: MemberOrder) -> None:
    organization = await home(world)
    users = [await a_user(world, name) for name in ("carl", "ada", "dora", "bob", "eve")]
    roles = [MemberRole.MEMBER, MemberRole.OWNER, MemberRole.MEMBER, MemberRole.OWNER, MemberRole.MEMBER]
    await add(world, *(a_member(world, organization, u.id, role) for u, role in zip(users, roles, strict=True)))

    async with world.acting() as container:
        reader = await container.get(MemberReader)
        whole = (await reader.page(organization, MemberQuery(ordering=ordering))).results
        pages = [
            await reader.page(organization, MemberQuery(ordering=ordering, page=PageRequest(number=n, size=2)))
            for n in (1, 2, 3, 4)
        ]
    key = ordering.value.removeprefix("-")
    wanted = sorted(
        whole,
        key=lambda one: (one.user.username if key == "username" else getattr(one, key), one.id),
        reverse=ordering.value.startswith("-"),
    )
    assert whole == wanted
    assert [one for page in pages for one in page.results] == whole
    assert [page.count for page in pages] == [5] * 4


async def test_filters_alike_and_never_shows_another_organizations(world: World) -> None:
    organization = await home(world)
    other = await found(world, await a_caller(world, "stranger"))
    ada, bob = await a_user(world, "ada"), await a_user(world, "bob")
    first = replace(a_member(world, organization, ada.id, MemberRole.OWNER), title="100%_\\")
    world.clock.advance(hours=1)
    second = replace(a_member(world, organization, bob.id), department="Sales", is_active=False)
    await add(world, first, second)

    async def usernames(**query: object) -> list[str]:
        async with world.acting() as container:
            page = await (await container.get(MemberReader)).page(organization, MemberQuery(**query))  # type: ignore[arg-type]  # each test names its own
            assert page.count == len(page.results)
            return [one.user.username.partition("-")[0] for one in page.results]

    assert await usernames() == ["ada", "bob"]
    assert await usernames(role=MemberRole.OWNER) == ["ada"]
    assert await usernames(is_active=False) == ["bob"]
    assert await usernames(created=Period(start=second.created_at)) == ["bob"]
    assert await usernames(created=Period(end=first.created_at)) == ["ada"]
    for search, names in (("%_\\", ["ada"]), ("SALES", ["bob"]), ("@example", ["ada", "bob"]), ("strang", [])):
        assert await usernames(search=search) == names
    async with world.acting() as container:
        page = await (await container.get(MemberReader)).page(other.id, MemberQuery())
    assert [one.role for one in page.results] == [MemberRole.OWNER]


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
