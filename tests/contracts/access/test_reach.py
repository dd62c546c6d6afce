"""Nobody reaches what was granted to others, or is theirs, by a place in their group or by their password."""

import pytest

from application.access.add_group_member import AddGroupMember
from application.identity.change_user import ChangeUser
from domain.access.group import GroupId
from domain.identity.user import User, UserChanges
from domain.shared.caller import SITE_PERMISSIONS, Caller, NotPermittedError, Permission, UserId
from domain.tenancy.scope import Scope, SiteScope
from tests.contracts.access.objects import CHANGE, DELETE, SHARE, VIEW, a_project, caller, share
from tests.domain.identity.people import a_user
from tests.groups import a_group
from tests.world import PLATFORM, World

OWNER, MANAGER, VICTIM, OTHER = (a_user(number).id for number in range(1, 5))
PROJECTS = (Permission.PROJECTS_VIEW, Permission.PROJECTS_CHANGE, Permission.PROJECTS_DELETE, Permission.PROJECTS_SHARE)
MANAGES = (Permission.GROUPS_MANAGE, Permission.USERS_MANAGE)


async def joins(world: World, site: SiteScope, group: GroupId, *, by: Caller, user: UserId) -> bool:
    async with world.acting(site, by) as container:
        add_member = await container.get(AddGroupMember)
        try:
            await add_member(group_id=group, user_id=user)
        except NotPermittedError:
            return False
    return True


async def takes_over(world: World, site: Scope, user: UserId, *, by: Caller) -> bool:
    async with world.acting(site, by) as container:
        change = await container.get(ChangeUser)
        try:
            await change(user_id=user, changes=UserChanges(), password="a-password-of-mine", seen=None)
        except NotPermittedError:
            return False
    return True


@pytest.mark.parametrize("user", [MANAGER, OTHER], ids=["themself", "another"])
async def test_a_manager_puts_nobody_into_a_group_to_which_more_was_granted(
    world: World, site: SiteScope, user: UserId
) -> None:
    group = await a_group(world, site)
    await share(world, site, await a_project(world, site, OWNER), [CHANGE], group=group)

    assert not await joins(world, site, group, by=caller(MANAGER, *MANAGES), user=user)
    assert not await joins(world, site, group, by=caller(MANAGER, *MANAGES, Permission.PROJECTS_VIEW), user=user)
    viewing = caller(MANAGER, *MANAGES, Permission.PROJECTS_VIEW, Permission.PROJECTS_CHANGE)
    assert await joins(world, site, group, by=viewing, user=user)


async def test_what_was_granted_to_the_manager_is_theirs_to_give(world: World, site: SiteScope) -> None:
    group, theirs = await a_group(world, site), await a_group(world, site, MANAGER)
    moon, mars, venus = [await a_project(world, site, owner) for owner in (OWNER, OWNER, MANAGER)]
    await share(world, site, moon, [CHANGE], group=group)
    await share(world, site, mars, [SHARE], group=group)
    await share(world, site, venus, [DELETE], group=group)
    by = caller(MANAGER, *MANAGES)

    await share(world, site, moon, [VIEW, CHANGE], user=MANAGER)
    assert not await joins(world, site, group, by=by, user=OTHER)
    await share(world, site, mars, [SHARE], group=theirs)
    assert await joins(world, site, group, by=by, user=OTHER)


@pytest.mark.parametrize("has", ["their own", "a grant", "a group's grant"])
async def test_a_manager_of_users_takes_no_account_that_reaches_further(
    world: World, site: SiteScope, has: str
) -> None:
    project = await a_project(world, site, VICTIM if has == "their own" else OWNER)
    if has == "a grant":
        await share(world, site, project, [VIEW], user=VICTIM)
    if has == "a group's grant":
        await share(world, site, project, [VIEW], group=await a_group(world, site, VICTIM))

    assert not await takes_over(world, site, VICTIM, by=caller(MANAGER, *MANAGES))
    assert await takes_over(world, site, OTHER, by=caller(MANAGER, *MANAGES))
    assert await takes_over(world, site, VICTIM, by=caller(MANAGER, *MANAGES, *PROJECTS))


async def test_a_site_wide_permission_must_cover_ownership(world: World, site: SiteScope) -> None:
    await a_project(world, site, VICTIM)

    assert not await takes_over(world, site, VICTIM, by=caller(MANAGER, *MANAGES, *PROJECTS[:3]))
    assert await takes_over(world, site, VICTIM, by=Caller(label="operator", permissions=SITE_PERMISSIONS))


async def test_another_sites_grants_are_nobodys_business(world: World, site: SiteScope, other: SiteScope) -> None:
    group = await a_group(world, site)
    await a_group(world, other, group=group)
    await share(world, other, await a_project(world, other, OWNER), [CHANGE], group=group)

    assert await joins(world, site, group, by=caller(MANAGER, *MANAGES), user=OTHER)


async def test_on_the_platform_there_is_nothing_to_reach(world: World) -> None:
    user: User = await world.user(PLATFORM, f"grace-{world.suffix}")

    assert await takes_over(world, PLATFORM, user.id, by=caller(MANAGER, *MANAGES))
