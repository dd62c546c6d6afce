"""SiteEntries and LinkedUserRepository."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from adapters.memory.entries import MemorySiteEntries
from application.identity.entry_ports import LinkedUserRepository, SiteEntries
from application.shared.ports import UnitOfWork
from application.tenancy.ports import MemberRepository, OrganizationRepository
from domain.identity.entry import Visitor
from domain.identity.user import User
from domain.shared.caller import UserId
from domain.tenancy.membership import Member, MemberRole
from domain.tenancy.scope import Scope, SiteScope
from tests.contracts.identity.ports import store, transaction
from tests.domain.identity.people import NOON, a_user
from tests.http.entrance import People
from tests.world import PLATFORM, World

OWNER, MEMBER = MemberRole.OWNER, MemberRole.MEMBER


@asynccontextmanager
async def entries(world: World, scope: Scope) -> AsyncIterator[SiteEntries]:
    async with world.acting(scope) as container, await container.get(UnitOfWork):
        yield await container.get(SiteEntries)


async def seen(world: World, scope: Scope, user: User) -> Visitor | None:
    async with entries(world, scope) as door:
        found = await door.find(user.id)
        assert await door.lock(user.id) == found
        return found


async def standing(world: World, scope: Scope, user: User) -> tuple[bool, bool]:
    """Administers, granted."""
    visitor = await seen(world, scope, user)
    assert visitor
    return visitor.administers, visitor.granted_at is not None


async def save(world: World, member: Member) -> None:
    async with world.acting() as container, await container.get(UnitOfWork):
        await (await container.get(MemberRepository)).save(member)


async def test_sees_what_each_is_at_each_site(world: World, site: SiteScope, other: SiteScope) -> None:
    door = People(world)
    owner, nobody = await door.person("olivia", OWNER), await door.person("nobody")
    mark, idle = await door.person("mark", MEMBER, site), await door.person("idle", MEMBER)

    assert [await standing(world, site, user) for user in (owner, mark, idle, nobody)] == [
        (True, False),
        (False, True),
        (False, False),
        (False, False),
    ]
    assert [await standing(world, other, user) for user in (owner, mark)] == [(True, False), (False, False)]


async def test_sees_who_they_are(world: World, site: SiteScope) -> None:
    root = await world.admin(username="root")

    assert await seen(world, site, root) == Visitor(
        id=root.id,
        username=root.username,
        email=root.email,
        first_name="",
        last_name="",
        is_active=True,
        is_admin=True,
        administers=False,
    )
    assert await seen(world, site, replace(root, id=UserId(UUID(int=99)))) is None


async def test_a_user_of_the_site_is_nobody_at_its_door(world: World, site: SiteScope) -> None:
    assert await seen(world, site, await world.admin(site)) is None


async def test_a_member_who_is_not_active_is_none(world: World, site: SiteScope) -> None:
    door = People(world)
    for role in MemberRole:
        user = await door.person(role.value)
        member = await door.join(user, role, site)
        await save(world, replace(member, is_active=False))

        assert await standing(world, site, user) == (False, False)


async def test_a_closed_organization_has_no_members(world: World, site: SiteScope) -> None:
    owner = await People(world).person("olivia", OWNER)
    async with world.acting() as container, await container.get(UnitOfWork):
        organizations: OrganizationRepository = await container.get(OrganizationRepository)
        organization = await organizations.get(world.organization)
        await organizations.save(replace(organization, is_active=False))

    assert await standing(world, site, owner) == (False, False)


async def test_notes_activity_to_the_minute(world: World, site: SiteScope) -> None:
    door = People(world)
    user = await door.person("mark")
    member = await door.join(user, MEMBER, site)
    noted = []
    for seconds in (0, 59, 60, 61):
        at = NOON + timedelta(seconds=seconds)
        async with entries(world, site) as here:
            await here.touch(user.id, at=at)
        async with world.acting() as container, await container.get(UnitOfWork):
            found = await (await container.get(MemberRepository)).find(member.organization_id, user.id)
        assert found == replace(member, last_active_at=found.last_active_at)
        noted.append((found.last_active_at - NOON).total_seconds())

    assert noted == [0, 0, 60, 60]


async def test_the_platform_has_no_door(world: World) -> None:
    user = await world.admin()
    async with entries(world, PLATFORM) as door:
        error = LookupError if isinstance(door, MemorySiteEntries) else RuntimeError
        with pytest.raises(error):
            await door.find(user.id)


async def test_finds_a_linked_user_by_whom_of_the_platform_they_are(
    world: World, site: SiteScope, other: SiteScope
) -> None:
    linked = a_user(1, linked_user_id=UUID(int=50))
    await store(world, site, linked, a_user(2))

    for scope, found in ((site, linked), (other, None)):
        async with world.acting(scope) as container, await container.get(UnitOfWork):
            users: LinkedUserRepository = await container.get(LinkedUserRepository)
            assert await users.find(UserId(UUID(int=50))) == found
            assert await users.find(UserId(UUID(int=51))) is None


@pytest.mark.parametrize(
    ("clash", "added"),
    [
        ({}, True),
        ({"username": "ADA1"}, False),
        ({"email": "Ada1@example.org"}, False),
        ({"linked_user_id": UUID(int=50)}, False),
    ],
)
async def test_adds_unless_somebody_has_it_and_goes_on(
    world: World, site: SiteScope, clash: dict[str, object], *, added: bool
) -> None:
    await store(world, site, a_user(1, linked_user_id=UUID(int=50)))
    new = a_user(2, **{"linked_user_id": UUID(int=51), **clash})

    async with world.acting(site) as container, await container.get(UnitOfWork):
        users: LinkedUserRepository = await container.get(LinkedUserRepository)
        assert await users.add(new) is added
        assert await users.add(a_user(3, linked_user_id=UUID(int=52)))

    async with transaction(world, site) as ports:
        assert (await ports.users.find_by_login(new.email) == new) is added
        assert await ports.users.get(a_user(3).id)
