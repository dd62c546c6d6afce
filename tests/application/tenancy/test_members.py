from dataclasses import replace

import pytest

from domain.shared.caller import NotPermittedError
from domain.tenancy.membership import (
    LastOwnerError,
    MemberChanges,
    MemberExistsError,
    MemberNotFoundError,
    MemberRole,
    OwnStandingError,
    UnknownUserError,
)
from domain.tenancy.organization import (
    OrganizationChanges,
    OrganizationNotFoundError,
)
from domain.tenancy.plan import PlanLimitError
from domain.tenancy.scope import PlatformScope
from tests.application.tenancy.platform import ADA, ADMIN, BOB, EVE, Platform


async def test_owners_add_users_of_the_platform_within_the_plan(platform: Platform) -> None:
    with pytest.raises(UnknownUserError):
        await platform.add(ADA, None)
    with pytest.raises(MemberExistsError):
        await platform.add(ADA, BOB.user_id)
    with pytest.raises(NotPermittedError):
        await platform.add(BOB, EVE.user_id)
    with pytest.raises(OrganizationNotFoundError):
        await platform.add(EVE, EVE.user_id)
    await platform.change(ADMIN, OrganizationChanges(max_members=1))
    for user in (EVE.user_id, None):
        with pytest.raises(PlanLimitError):
            await platform.add(ADMIN, user)
    assert await platform.people(ADA) == ["ada", "bob"]


async def test_the_last_active_owner_stays(platform: Platform) -> None:
    demoted, off = MemberChanges(role=MemberRole.MEMBER), MemberChanges(is_active=False)
    for caller in (ADA, ADMIN):
        for changes in (demoted, off):
            with pytest.raises(LastOwnerError):
                await platform.change_member(caller, ADA, changes)
        with pytest.raises(LastOwnerError):
            await platform.remove(caller, ADA)
    await platform.change_member(ADA, BOB, MemberChanges(role=MemberRole.OWNER))
    await platform.remove(ADA, ADA)
    with pytest.raises(LastOwnerError):
        await platform.remove(BOB, BOB)
    assert await platform.people(BOB) == ["bob"]


async def test_an_owner_who_cannot_sign_in_is_none_to_leave_it_to(platform: Platform) -> None:
    await platform.change_member(ADA, BOB, MemberChanges(role=MemberRole.OWNER))
    users = platform.database.within(PlatformScope()).users
    users[BOB.require_user()] = replace(users[BOB.require_user()], is_active=False)
    with pytest.raises(LastOwnerError):
        await platform.remove(ADA, ADA)
    await platform.remove(ADA, BOB)


async def test_nobody_changes_their_own_standing(platform: Platform) -> None:
    await platform.add(ADA, ADMIN.user_id)
    for caller in (BOB, ADMIN):
        for changes in (MemberChanges(role=MemberRole.OWNER), MemberChanges(is_active=False)):
            with pytest.raises(OwnStandingError):
                await platform.change_member(caller, caller, changes)
        same = MemberChanges(role=MemberRole.MEMBER, is_active=True, title="Head")
        assert (await platform.change_member(caller, caller, same)).title == "Head"
    with pytest.raises(NotPermittedError):
        await platform.change_member(BOB, ADA, MemberChanges(title="Foot"))


async def test_who_is_no_member_is_not_found(platform: Platform) -> None:
    for caller in (ADA, ADMIN):
        with pytest.raises(MemberNotFoundError):
            await platform.change_member(caller, EVE, MemberChanges())
        with pytest.raises(MemberNotFoundError):
            await platform.remove(caller, EVE)
    with pytest.raises(NotPermittedError):
        await platform.remove(BOB, EVE)
    await platform.remove(BOB, BOB)
    with pytest.raises(OrganizationNotFoundError):
        await platform.remove(BOB, BOB)
