import asyncio
from datetime import timedelta
from typing import Any

import pytest

from application.access.ports import GroupMemberReader, GroupMemberRepository, GroupReader, GroupRepository
from application.access.views import (
    GroupMemberOrder,
    GroupMemberQuery,
    GroupMemberUser,
    GroupMemberView,
    GroupOrder,
    GroupQuery,
    GroupView,
)
from application.shared.page import Page, PageRequest, Period
from application.shared.ports import UnitOfWork
from domain.access.group import (
    Group,
    GroupChanges,
    GroupMember,
    GroupMemberExistsError,
    GroupMemberNotFoundError,
    GroupNameTakenError,
    GroupNotFoundError,
    UnknownMemberError,
)
from domain.shared.caller import Permission
from domain.tenancy.scope import Scope, SiteScope
from tests.contracts.identity.ports import store
from tests.domain.access.groups import a_group, a_membership
from tests.domain.identity.people import NOON, a_user
from tests.world import PLATFORM, World


@pytest.fixture
async def site(world: World) -> SiteScope:
    """With the users 1 to 4."""
    site = await world.site()
    await store(world, site, *(a_user(number) for number in range(1, 5)))
    return site


@pytest.fixture
async def other(world: World) -> SiteScope:
    """Another site, with a user 1 too."""
    other = await world.site("other")
    await store(world, other, a_user())
    return other


async def add(world: World, scope: Scope, *entities: Group | GroupMember) -> None:
    async with world.acting(scope) as container:
        groups, members = await container.get(GroupRepository), await container.get(GroupMemberRepository)
        async with await container.get(UnitOfWork):
            for entity in entities:
                await (groups.add(entity) if isinstance(entity, Group) else members.add(entity))


async def page(world: World, scope: Scope, **query: Any) -> Page[GroupView]:
    async with world.acting(scope) as container:
        reader: GroupReader = await container.get(GroupReader)
        return await reader.page(GroupQuery(**query))


async def names(world: World, scope: Scope, **query: Any) -> list[str]:
    return [group.name for group in (await page(world, scope, **query)).results]


async def members(world: World, scope: Scope, group: Group, **query: Any) -> Page[GroupMemberView]:
    async with world.acting(scope) as container:
        reader: GroupMemberReader = await container.get(GroupMemberReader)
        return await reader.page(group.id, GroupMemberQuery(**query))


async def test_gives_back_what_was_added(world: World, site: SiteScope) -> None:
    group = a_group(name='Ä "b" \\', permissions=frozenset({Permission.PROJECTS_VIEW, Permission.USERS_VIEW}))
    await add(world, site, group, a_group(2), a_membership(1, 2), a_membership(1, 1), a_membership(2, 3))
    shown = GroupView.of(group, [a_user(1).id, a_user(2).id])

    async with world.acting(site) as container:
        async with await container.get(UnitOfWork):
            assert await (await container.get(GroupRepository)).get(group.id) == group
        reader: GroupReader = await container.get(GroupReader)
        assert await reader.get(group.id) == shown
        assert await reader.member_ids(group.id) == shown.members
        assert await reader.member_ids(a_group(9).id) == []
    assert shown in (await page(world, site)).results


async def test_saves_what_may_change(world: World, site: SiteScope) -> None:
    await add(world, site, a_group(), a_group(2))
    permissions = frozenset({Permission.PROJECTS_SHARE})
    changed = a_group().change(GroupChanges(name="New", permissions=permissions), at=NOON + timedelta(days=1))
    async with world.acting(site) as container:
        groups: GroupRepository = await container.get(GroupRepository)
        async with await container.get(UnitOfWork):
            await groups.save(changed)
        async with await container.get(UnitOfWork):
            assert await groups.get(changed.id) == changed
            assert await groups.get(a_group(2).id) == a_group(2)


async def test_a_name_is_taken_in_any_case(world: World, site: SiteScope, other: SiteScope) -> None:
    await add(world, site, a_group(name="\u00c4rzte"), a_group(2))
    await add(world, other, a_group(name="\u00c4RZTE"))
    for taken in (a_group(3, name="\u00c4RZTE"), a_group(3, name="EDITORS2")):
        with pytest.raises(GroupNameTakenError):
            await add(world, site, taken)
    with pytest.raises(GroupNameTakenError):
        async with world.acting(site) as container, await container.get(UnitOfWork):
            await (await container.get(GroupRepository)).save(a_group(2, name="\u00c4rZTE"))

    await add(world, site, a_group(3, name="\u00e4rzte"))


async def test_of_many_with_one_name_at_once_one_is_added(world: World, site: SiteScope) -> None:
    groups = [a_group(number, name="Same") for number in range(1, 9)]
    results = await asyncio.gather(*(add(world, site, group) for group in groups), return_exceptions=True)

    assert [type(result) for result in results].count(GroupNameTakenError) == 7


async def test_a_user_is_a_member_once_however_often_added_at_once(world: World, site: SiteScope) -> None:
    await add(world, site, a_group())
    results = await asyncio.gather(*(add(world, site, a_membership()) for _ in range(6)), return_exceptions=True)

    assert [type(result) for result in results].count(GroupMemberExistsError) == 5
    assert (await members(world, site, a_group())).count == 1


async def test_refuses_members_and_groups_that_are_not_there(world: World, site: SiteScope) -> None:
    await add(world, site, a_group())
    with pytest.raises(UnknownMemberError):
        await add(world, site, a_membership(1, 9))
    with pytest.raises(GroupNotFoundError):
        await add(world, site, a_membership(9, 1))
    async with world.acting(site) as container:
        groups, memberships = await container.get(GroupRepository), await container.get(GroupMemberRepository)
        for call in (groups.get(a_group(9).id), groups.remove(a_group(9).id), groups.save(a_group(9))):
            with pytest.raises(GroupNotFoundError):
                await call
        with pytest.raises(GroupMemberNotFoundError):
            await memberships.remove(a_group().id, a_user().id)


async def test_two_sites_never_see_or_count_each_others(world: World, site: SiteScope, other: SiteScope) -> None:
    await add(world, site, a_group(), a_group(2), a_membership(1, 1), a_membership(1, 2))
    await add(world, other, a_group(1, name="Theirs"))

    assert await page(world, other) == Page(1, [GroupView.of(a_group(1, name="Theirs"), [])])
    assert await members(world, other, a_group()) == Page(0, [])
    assert (await page(world, other, member=a_user().id)).count == 0
    with pytest.raises(UnknownMemberError):
        await add(world, other, a_membership(1, 2))
    async with world.acting(other) as container:
        groups, reader = await container.get(GroupRepository), await container.get(GroupReader)
        with pytest.raises(GroupNotFoundError):
            await reader.get(a_group(2).id)
        with pytest.raises(GroupNotFoundError):
            await groups.remove(a_group(2).id)
        with pytest.raises(GroupMemberNotFoundError):
            await (await container.get(GroupMemberRepository)).remove(a_group().id, a_user().id)
    assert (await page(world, site)).count == 2


@pytest.mark.parametrize("port", [GroupReader, GroupMemberReader])
async def test_the_platform_has_no_groups(world: World, port: type[Any]) -> None:
    async with world.acting(PLATFORM) as container:
        reader = await container.get(port)
        with pytest.raises((LookupError, RuntimeError)):
            await reader.get(*[a_group().id, a_user().id][: 1 if port is GroupReader else 2])


async def test_a_deleted_group_takes_its_memberships_along_and_nobody_else(world: World, site: SiteScope) -> None:
    await add(world, site, a_group(), a_group(2), a_membership(1, 1), a_membership(2, 1))
    async with world.acting(site) as container, await container.get(UnitOfWork):
        await (await container.get(GroupRepository)).remove(a_group().id)

    assert await names(world, site, member=a_user().id) == ["Editors2"]
    assert (await members(world, site, a_group())).count == 0


async def test_filters(world: World, site: SiteScope) -> None:
    later = NOON + timedelta(days=1)
    await add(world, site, a_group(name="100%"), a_group(2, name="a_b", created_at=later), a_membership(2, 1))

    assert await names(world, site, search="%") == ["100%"]
    assert await names(world, site, search="A_B") == ["a_b"]
    assert await names(world, site, search="0_") == []
    assert await names(world, site, member=a_user().id) == ["a_b"]
    assert await names(world, site, member=a_user(2).id) == []
    assert await names(world, site, created=Period(start=later)) == ["a_b"]
    assert await names(world, site, created=Period(end=NOON)) == ["100%"]


@pytest.mark.parametrize("ordering", list(GroupOrder))
async def test_orders_the_same_way_everywhere(world: World, site: SiteScope, ordering: GroupOrder) -> None:
    groups = [a_group(n, name=name, created_at=NOON + timedelta(hours=n % 2)) for n, name in enumerate("badc", 1)]
    await add(world, site, *groups)
    field = ordering.value.removeprefix("-")
    expected = [GroupView.of(group, []) for group in groups]
    expected.sort(key=lambda view: (getattr(view, field), view.id), reverse=ordering.value.startswith("-"))

    found = await page(world, site, ordering=ordering)
    second = await page(world, site, ordering=ordering, page=PageRequest(number=2, size=3))
    assert found == Page(4, expected)
    assert second == Page(4, expected[3:])


@pytest.mark.parametrize("ordering", list(GroupMemberOrder))
async def test_members_are_listed_searched_and_counted(
    world: World, site: SiteScope, ordering: GroupMemberOrder
) -> None:
    named = a_user(7, username="zoe", first_name="Zo\u00eb", last_name='"Z" \\', is_active=False)
    lone = a_user(8, username="solo", last_name="Solo")
    await store(world, site, named, lone)
    everybody = [a_membership(1, number) for number in (8, 2, 7, 1, 3)]
    await add(world, site, a_group(), a_group(2), *everybody, a_membership(2, 4))
    found = await members(world, site, a_group(), ordering=ordering)

    by_name = sorted(["solo", "ada2", "zoe", "ada1", "ada3"])
    by_time = ["ada1", "ada2", "ada3", "zoe", "solo"]  # all at once: by their ids
    expected = by_name if ordering.value.endswith("username") else by_time
    expected = expected[::-1] if ordering.value.startswith("-") else expected
    assert [one.user.username for one in found.results] == expected
    assert found.count == 5
    second = await members(world, site, a_group(), ordering=ordering, page=PageRequest(number=2, size=4))
    assert (second.count, second.results) == (5, found.results[4:])
    searched = await members(world, site, a_group(), ordering=ordering, search="\u00eb")
    user = GroupMemberUser(named.id, "zoe", "ada7@example.org", 'Zo\u00eb "Z" \\', is_active=False)
    assert searched == Page(1, [GroupMemberView(a_membership(1, 7).id, user, NOON, None)])
    assert [one.user.full_name for one in (await members(world, site, a_group(), search="solo")).results] == ["Solo"]
