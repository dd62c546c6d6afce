import asyncio
from datetime import timedelta
from typing import Any

import pytest

from application.access.ports import GroupMemberReader, GroupMemberRepository, GroupReader, GroupRepository
from application.access.views import (
    GroupOrder,
    GroupView,
)
from application.shared.page import Page, PageRequest, Period
from application.shared.ports import UnitOfWork
from domain.access.group import (
    GroupChanges,
    GroupMemberNotFoundError,
    GroupNameTakenError,
    GroupNotFoundError,
    UnknownMemberError,
)
from domain.shared.caller import Permission
from domain.tenancy.scope import SiteScope
from tests.contracts.access.ports import add, members, names, page
from tests.domain.access.groups import a_group, a_membership
from tests.domain.identity.people import NOON, a_user
from tests.world import PLATFORM, World


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
