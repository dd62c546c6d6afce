import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from application.identity.ports import UserRepository
from application.shared.ports import UnitOfWork
from application.tenancy.organization_views import MemberView
from application.tenancy.ports import MemberRepository, OrganizationRepository
from domain.identity.user import User, UserNotFoundError
from domain.shared.caller import UserId
from domain.tenancy.membership import (
    MemberChanges,
    MemberExistsError,
    MemberNotFoundError,
    MemberRole,
)
from domain.tenancy.organization import OrganizationId
from entrypoints.identifiers import new_id
from tests.contracts.tenancy.people import a_member, a_user, add, home, read
from tests.world import World


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
        assert [await repository.other_owners(one) for one in (owner, other, plain)] == [0, 1, 1]
        assert await repository.count(OrganizationId(new_id())) == 0


async def test_an_owner_whose_account_is_deactivated_leaves_nobody_else_free_to_go(world: World) -> None:
    organization, here, gone = await home(world), await a_user(world, "here"), await a_user(world, "gone")
    owner, absent = (a_member(world, organization, user.id, MemberRole.OWNER) for user in (here, gone))
    await add(world, owner, absent)

    async with world.acting() as container:
        users, members = await container.get(UserRepository), await container.get(MemberRepository)
        async with await container.get(UnitOfWork):
            await users.save(replace(await users.get(gone.id), is_active=False))
            assert await members.other_owners(owner) == 0
            assert await members.other_owners(absent) == 1


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
