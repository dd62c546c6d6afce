from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from application.access.ports import GroupMemberRepository, GroupRepository
from application.identity.ports import AccessReader, UserGroups, UserReader, UserRepository
from application.identity.user_views import UserGroup, UserOrder, UserQuery, UserView
from application.shared.page import Page, PageRequest, Period
from application.shared.ports import UnitOfWork
from domain.access.group import Group
from domain.identity.user import User, UserNotFoundError
from domain.shared.caller import SITE_PERMISSIONS, Permission
from domain.tenancy.scope import Scope, SiteScope
from tests.contracts.identity.ports import store, transaction
from tests.domain.access.groups import a_group, a_membership
from tests.domain.identity.people import NOON, a_session, a_user
from tests.world import PLATFORM, World

VIEW, CHANGE = Permission.PROJECTS_VIEW, Permission.PROJECTS_CHANGE


async def form(world: World, site: SiteScope, group: Group, *users: User) -> None:
    """Make a group of users who are there."""
    async with world.acting(site) as container:
        groups, members = await container.get(GroupRepository), await container.get(GroupMemberRepository)
        async with await container.get(UnitOfWork):
            await groups.add(group)
            for user in users:
                await members.add(a_membership(group.id.int, user.id.int))


async def page(world: World, scope: Scope, **query: Any) -> Page[UserView]:
    async with world.acting(scope) as container:
        reader: UserReader = await container.get(UserReader)
        return await reader.page(UserQuery(**query))


async def names(world: World, scope: Scope, **query: Any) -> list[str]:
    return [user.username for user in (await page(world, scope, **query)).results]


async def test_shows_a_user_with_their_groups_by_name(world: World, site: SiteScope) -> None:
    full = a_user(
        first_name="Ädä",
        last_name='O"Neil',
        is_active=False,
        is_admin=True,
        last_login_at=NOON,
        created_by=a_user(2).id,
        version=3,
    )
    await store(world, site, full, a_user(2))
    quoted = a_group(1, name='b "quoted" \\ \u00e4 \U0001f980')
    await form(world, site, quoted, full)
    await form(world, site, a_group(2, name="a"), full)
    expected = UserView.of(full, [UserGroup(a_group(2).id, "a"), UserGroup(quoted.id, quoted.name)])

    async with world.acting(site) as container:
        reader, groups = await container.get(UserReader), await container.get(UserGroups)
        assert await reader.get(full.id) == expected
        assert await reader.get(a_user(2).id) == UserView.of(a_user(2), [])
        assert await groups.of(full.id) == expected.groups
        assert await groups.of(a_user(2).id) == await groups.of(a_user(9).id) == []
        with pytest.raises(UserNotFoundError):
            await reader.get(a_user(9).id)
    assert (await page(world, site)).results == [expected, UserView.of(a_user(2), [])]


async def test_two_sites_never_see_or_count_each_others(world: World, site: SiteScope, other: SiteScope) -> None:
    await store(world, site, a_user(), a_user(2))
    await store(world, other, a_user(2, username="theirs"))
    await form(world, site, a_group(permissions=frozenset({VIEW})), a_user(), a_user(2))

    assert await page(world, other) == Page(1, [UserView.of(a_user(2, username="theirs"), [])])
    assert (await page(world, other, group=a_group().id)).count == 0
    async with world.acting(other) as container:
        groups, reader = await container.get(UserGroups), await container.get(UserReader)
        assert await groups.permissions(a_user(2).id) == frozenset()
        with pytest.raises(UserNotFoundError):
            await reader.get(a_user().id)
    assert (await page(world, site)).count == 2


async def test_the_platform_has_users_and_no_groups(world: World, site: SiteScope) -> None:
    await store(world, site, a_user())
    admin = await world.admin()
    shown = await page(world, PLATFORM, search=admin.username)

    assert shown == Page(1, [UserView.of(admin, [])])
    assert await page(world, PLATFORM, search=admin.username, group=a_group().id) == Page(0, [])
    async with world.acting() as container:
        groups = await container.get(UserGroups)
        assert (await groups.of(admin.id), await groups.permissions(admin.id)) == ([], frozenset())


async def test_filters(world: World, site: SiteScope) -> None:
    later = NOON + timedelta(days=1)
    ada = a_user(1, is_admin=True, created_at=later, first_name="Ada%")
    bob = a_user(2, username="bob", is_active=False, last_name="Under_score")
    await store(world, site, ada, bob)
    await form(world, site, a_group(), bob)

    assert await names(world, site, is_admin=True) == ["ada1"]
    assert await names(world, site, is_admin=False) == ["bob"]
    assert await names(world, site, is_active=False) == ["bob"]
    assert await names(world, site, group=a_group().id) == ["bob"]
    assert await names(world, site, group=a_group(2).id) == []
    assert await names(world, site, created=Period(start=later)) == ["ada1"]
    assert await names(world, site, created=Period(end=NOON)) == ["bob"]
    assert await names(world, site, search="%") == ["ada1"]
    assert await names(world, site, search="R_S") == ["bob"]
    assert await names(world, site, search="ADA1@EXAMPLE") == ["ada1"]
    assert await names(world, site, search="OB", is_active=False, is_admin=False, group=a_group().id) == ["bob"]
    assert await names(world, site, search="ob", is_active=True) == []


def logins() -> Iterator[datetime | None]:
    yield from (NOON, None, NOON + timedelta(hours=2), NOON, None)


@pytest.mark.parametrize("ordering", list(UserOrder))
async def test_orders_and_breaks_ties_the_same_way_everywhere(
    world: World, site: SiteScope, ordering: UserOrder
) -> None:
    users = [
        a_user(number, username=f"u{9 - number}", last_name="x" * (number % 2), last_login_at=at)
        for number, at in enumerate(logins(), start=1)
    ]
    await store(world, site, *users)
    found = await page(world, site, ordering=ordering)
    field = ordering.value.removeprefix("-")

    def key(view: UserView) -> tuple[bool, Any, Any]:
        value = getattr(view, field)
        return (value is None, value or NOON, view.id) if field == "last_login_at" else (False, value, view.id)

    expected = sorted((UserView.of(user, []) for user in users), key=key, reverse=ordering.value.startswith("-"))
    assert found.results == expected


async def test_counts_what_matches_on_every_page(world: World, site: SiteScope) -> None:
    await store(world, site, *(a_user(number, is_admin=number > 2) for number in range(1, 6)))
    await form(world, site, a_group(), a_user(3), a_user(4))

    pages = [await page(world, site, is_admin=True, page=PageRequest(number=n, size=2)) for n in (1, 2, 3)]
    assert [(one.count, len(one.results)) for one in pages] == [(3, 2), (3, 1), (3, 0)]


async def test_permissions_are_what_all_groups_give_together(world: World, site: SiteScope) -> None:
    session = a_session()
    await store(world, site, a_user(), a_user(2), session)
    await form(world, site, a_group(1, permissions=frozenset({VIEW})), a_user())
    await form(world, site, a_group(2, permissions=frozenset({VIEW, CHANGE})), a_user(), a_user(2))
    await form(world, site, a_group(3, permissions=frozenset({Permission.USERS_VIEW})), a_user(2))
    world.clock.advance(days=-((world.clock() - NOON).days))

    async with world.acting(site) as container:
        access: AccessReader = await container.get(AccessReader)
        groups: UserGroups = await container.get(UserGroups)
        found = await access.find(a_user().id, session.id)
        assert found is not None
        assert found.permissions == await groups.permissions(a_user().id) == {VIEW, CHANGE}
        users: UserRepository = await container.get(UserRepository)
        await users.save(replace(a_user(), is_admin=True))
        found = await access.find(a_user().id, session.id)
        assert found is not None
        assert found.permissions == SITE_PERMISSIONS
        assert await groups.permissions(a_user().id) == {VIEW, CHANGE}


async def test_whoever_counts_the_admins_knows_the_active_ones(world: World, site: SiteScope, other: SiteScope) -> None:
    await store(
        world,
        site,
        a_user(1, is_admin=True),
        a_user(2),
        a_user(3, is_admin=True, is_active=False),
        a_user(4, is_admin=True),
    )
    await store(world, other, a_user(5, is_admin=True))

    async with transaction(world, site) as ports:
        assert await ports.users.lock_admins() == {a_user(1).id, a_user(4).id}
