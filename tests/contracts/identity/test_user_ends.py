"""How users go: deletion, deactivation, and the last admin under concurrency."""

import asyncio
from typing import Any

import pytest

from application.access.ports import GroupReader
from application.identity.change_user import ChangeUser
from application.identity.delete_user import DeleteUser
from application.projects.open_project import OpenProject
from application.shared.ports import UnitOfWork
from application.tenancy.ports import MemberRepository, OrganizationRepository
from domain.identity.session import SessionEnd
from domain.identity.user import (
    LastAdminError,
    User,
    UserChanges,
    UserInUseError,
    UserNotFoundError,
)
from domain.projects.project import ProjectStatus
from domain.shared.caller import SITE_PERMISSIONS, Caller
from domain.tenancy.membership import MemberRole
from domain.tenancy.scope import Scope, SiteScope
from tests.contracts.identity.ports import store, transaction
from tests.contracts.identity.test_user_lists import form
from tests.domain.access.groups import a_group
from tests.domain.identity.people import NOON, a_link, a_session, a_user
from tests.newcomers import a_member
from tests.world import PLATFORM, World

ENDS = [UserChanges(is_admin=False), UserChanges(is_active=False), None]


async def end(world: World, scope: Scope, by: User, whom: User, how: UserChanges | None) -> None:
    """Change a user, or delete them, on behalf of another who may do everything."""
    caller = Caller(label=by.username, user_id=by.id, permissions=SITE_PERMISSIONS)
    async with world.acting(scope, caller) as container:
        if how is None:
            await (await container.get(DeleteUser))(user_id=whom.id, seen=None)
        else:
            await (await container.get(ChangeUser))(user_id=whom.id, changes=how, seen=None)


@pytest.mark.parametrize("how", ENDS, ids=["demoted", "deactivated", "deleted"])
async def test_of_two_admins_who_end_each_other_at_once_one_stays(
    world: World, site: SiteScope, how: UserChanges | None
) -> None:
    ada, bob = a_user(1, is_admin=True), a_user(2, is_admin=True)
    await store(world, site, ada, bob)
    for _ in range(5):
        results = await asyncio.gather(
            end(world, site, ada, bob, how), end(world, site, bob, ada, how), return_exceptions=True
        )

        async with transaction(world, site) as ports:
            (left,) = await ports.users.lock_admins()
        refused = [result for result in results if result is not None]
        assert [type(one) for one in refused] == [LastAdminError]
        gone = bob if left == ada.id else ada
        async with transaction(world, site) as ports:
            await (ports.users.add(gone) if how is None else ports.users.save(gone))


async def test_of_all_admins_who_demote_the_next_one_at_once_one_stays(world: World, site: SiteScope) -> None:
    admins = [a_user(number, is_admin=True) for number in range(1, 7)]
    await store(world, site, *admins)
    pairs = zip(admins, [*admins[1:], admins[0]], strict=True)

    results = await asyncio.gather(*(end(world, site, *pair, ENDS[0]) for pair in pairs), return_exceptions=True)

    async with transaction(world, site) as ports:
        assert len(await ports.users.lock_admins()) == 1
    assert [type(one) for one in results if one is not None] == [LastAdminError]


async def test_deactivation_ends_every_session(world: World, site: SiteScope) -> None:
    ada, bob = a_user(1, is_admin=True), a_user(2)
    await store(world, site, ada, bob, a_session(1, 1), a_session(2, 2), a_session(3, 2))
    await end(world, site, ada, bob, UserChanges(is_active=False))

    async with transaction(world, site) as ports:
        because = {number: await ports.sessions.find(a_session(number).id) for number in (1, 2, 3)}
        assert (await ports.users.get(bob.id)).token_version == 2
    assert [one and one.ended_because for one in because.values()] == [None, *[SessionEnd.ENDED_BY_ADMIN] * 2]


async def test_a_deleted_user_takes_sessions_and_memberships_along_and_nothing_else(
    world: World, site: SiteScope, other: SiteScope
) -> None:
    ada, bob = a_user(1, is_admin=True), a_user(2)
    for scope in (site, other):
        await store(world, scope, ada, bob, a_session(1, 1), a_session(2, 2), a_link(1, 1), a_link(2, 2))
        await form(world, scope, a_group(), ada, bob)
    await end(world, site, ada, bob, None)

    for scope, left in ((site, 1), (other, 2)):
        async with world.acting(scope) as container:
            group = await (await container.get(GroupReader)).get(a_group().id)
        assert group.members == [ada.id, bob.id][:left]
        async with transaction(world, scope) as ports:
            assert (await ports.sessions.find(a_session(1).id)) is not None
            assert (await ports.sessions.find(a_session(2).id) is None) == (left == 1)
            assert (await ports.chain.find(a_link(2).token_hash) is None) == (left == 1)
    with pytest.raises(UserNotFoundError):
        async with transaction(world, site) as ports:
            await ports.users.remove(bob.id)


async def test_who_owns_a_project_is_not_deleted_and_nothing_is_lost(world: World, site: SiteScope) -> None:
    ada, bob = a_user(1, is_admin=True), a_user(2)
    await store(world, site, ada, bob, a_session(2, 2))
    await form(world, site, a_group(), bob)
    project: dict[str, Any] = {"name": "Moon", "description": "", "status": ProjectStatus.ACTIVE, "owner": bob.id}
    async with world.acting(site) as container:
        await (await container.get(OpenProject))(**project)
    with pytest.raises(UserInUseError):
        await end(world, site, ada, bob, None)

    async with transaction(world, site) as ports:
        assert await ports.users.get(bob.id) == bob
        session = await ports.sessions.find(a_session(2).id)
        assert session is not None
        assert session.ended_at is None
    async with world.acting(site) as container:
        assert (await (await container.get(GroupReader)).get(a_group().id)).members == [bob.id]


async def test_a_member_of_an_organization_is_not_deleted_from_the_platform(world: World) -> None:
    """Or an organization could lose its last owner unseen."""
    admin, owner = await world.admin(), await world.user(PLATFORM, f"owner-{world.suffix}")
    async with world.acting() as container:
        organizations, members = await container.get(OrganizationRepository), await container.get(MemberRepository)
        async with await container.get(UnitOfWork):
            organization = await organizations.get(world.organization)
            member = a_member(organization.id, owner.id, MemberRole.OWNER, at=NOON)
            await members.add(member)
    with pytest.raises(UserInUseError):
        await end(world, PLATFORM, admin, owner, None)
    async with world.acting() as container, await container.get(UnitOfWork):
        await (await container.get(MemberRepository)).remove(member)

    await end(world, PLATFORM, admin, owner, None)
