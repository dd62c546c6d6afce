import asyncio

import pytest

from application.access.ports import GroupRepository
from application.access.views import (
    GroupMemberOrder,
    GroupMemberUser,
    GroupMemberView,
)
from application.shared.page import Page, PageRequest
from application.shared.ports import UnitOfWork
from domain.access.group import (
    GroupMemberExistsError,
)
from domain.tenancy.scope import SiteScope
from tests.contracts.access.ports import add, members, names
from tests.contracts.identity.ports import store
from tests.domain.access.groups import a_group, a_membership
from tests.domain.identity.people import NOON, a_user
from tests.world import World


async def test_a_user_is_a_member_once_however_often_added_at_once(world: World, site: SiteScope) -> None:
    await add(world, site, a_group())
    results = await asyncio.gather(*(add(world, site, a_membership()) for _ in range(6)), return_exceptions=True)

    assert [type(result) for result in results].count(GroupMemberExistsError) == 5
    assert (await members(world, site, a_group())).count == 1


async def test_a_deleted_group_takes_its_memberships_along_and_nobody_else(world: World, site: SiteScope) -> None:
    await add(world, site, a_group(), a_group(2), a_membership(1, 1), a_membership(2, 1))
    async with world.acting(site) as container, await container.get(UnitOfWork):
        await (await container.get(GroupRepository)).remove(a_group().id)

    assert await names(world, site, member=a_user().id) == ["Editors2"]
    assert (await members(world, site, a_group())).count == 0


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
