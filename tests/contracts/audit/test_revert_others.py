"""What going back is refused: whatever the caller could not do by a partial update, and what takes another step."""

from dataclasses import dataclass
from typing import Any

import pytest

from application.access.change_group import ChangeGroup
from application.access.create_group import CreateGroup
from application.access.delete_group import DeleteGroup
from application.access.group_history import GroupHistory
from application.audit.ports import TrackedResource
from application.identity.change_user import ChangeUser
from application.identity.delete_user import DeleteUser
from application.identity.user_history import UserHistory
from application.tenancy.change_member import ChangeMember
from application.tenancy.change_organization import ChangeOrganization
from application.tenancy.closed_histories import DomainHistory, InvitationHistory
from application.tenancy.create_organization import CreateOrganization
from application.tenancy.delete_organization import DeleteOrganization
from application.tenancy.delete_site import DeleteSite
from application.tenancy.domains.add_domain import AddDomain
from application.tenancy.domains.remove_domain import RemoveDomain
from application.tenancy.invite_member import InviteMember
from application.tenancy.remove_member import RemoveMember
from application.tenancy.rename_site import RenameSite
from application.tenancy.suspend_site import SuspendSite
from application.tenancy.tenancy_histories import MemberHistory, OrganizationHistory, SiteHistory
from domain.access.group import GroupChanges, GroupNotFoundError
from domain.audit.entry import CannotRevertError, NotThenError
from domain.identity.user import EmailTakenError, LastAdminError, OwnAccountError, UserChanges, UserNotFoundError
from domain.shared.caller import Caller, NotPermittedError, Permission
from domain.tenancy.domain import DomainNotFoundError
from domain.tenancy.membership import (
    LastOwnerError,
    MemberChanges,
    MemberNotFoundError,
    MemberRole,
    OwnStandingError,
)
from domain.tenancy.organization import OrganizationChanges, OrganizationNotFoundError, PlatformFieldsError
from domain.tenancy.plan import Plan
from domain.tenancy.scope import Scope
from domain.tenancy.site import SiteNotFoundError
from tests.contracts.audit.objects import Records, caller_of
from tests.world import OPERATOR, PLATFORM, World


@dataclass(frozen=True, slots=True)
class Desk:
    """Runs use cases in one scope."""

    world: World
    scope: Scope = PLATFORM

    async def __call__(self, use_case: type[Any], who: Caller = OPERATOR, **arguments: Any) -> Any:
        async with self.world.acting(self.scope, who) as container:
            return await (await container.get(use_case))(**arguments)

    def records(self, resource: type[TrackedResource], who: Caller = OPERATOR) -> Records:
        return Records(world=self.world, scope=self.scope, resource=resource, who=who)


async def test_a_group_gets_back_what_the_caller_has_alone(world: World) -> None:
    site = await world.site()
    desk, ada = Desk(world, site), await world.user(site, "ada")
    group = await desk(CreateGroup, name="Staff", permissions=["projects.view", "users.view"])
    await desk(ChangeGroup, group_id=group.id, changes=GroupChanges(name="Crew", permissions=frozenset()), seen=None)
    made, _ = await desk.records(GroupHistory).entries(group_id=group.id)
    who = caller_of(ada.id, Permission.GROUPS_MANAGE, Permission.PROJECTS_VIEW)
    with pytest.raises(NotPermittedError):
        await desk.records(GroupHistory, who).revert(made.id, group_id=group.id)
    with pytest.raises(NotPermittedError):
        await desk.records(GroupHistory, caller_of(ada.id)).page(group_id=group.id)
    back = await desk.records(GroupHistory).revert(made.id, group_id=group.id)
    assert back.changes["permissions"] == ([], ["projects.view", "users.view"])

    await desk(DeleteGroup, group_id=group.id, seen=None)
    gone = (await desk.records(GroupHistory).entries(group_id=group.id))[-1]
    with pytest.raises(NotPermittedError):
        await desk.records(GroupHistory, who).revert(gone.id, group_id=group.id)
    again = await desk.records(GroupHistory).revert(gone.id, group_id=group.id)
    assert (again.operation, again.changes["name"]) == ("insert", (None, "Staff"))
    with pytest.raises(GroupNotFoundError):
        await desk.records(GroupHistory).page(group_id=ada.id)


async def test_nobody_makes_themself_an_admin_by_going_back(world: World) -> None:
    site = await world.site()
    desk, ada, boss = Desk(world, site), await world.admin(site, "ada"), await world.admin(site, "boss")
    await desk(ChangeUser, user_id=ada.id, changes=UserChanges(is_admin=False, first_name="A"), seen=None)
    made, _ = await desk.records(UserHistory).entries(user_id=ada.id)
    manages = (Permission.USERS_VIEW, Permission.USERS_MANAGE)
    for who in (caller_of(ada.id, *manages), caller_of(boss.id, *manages), caller_of(ada.id)):
        with pytest.raises(NotPermittedError):
            await desk.records(UserHistory, who).revert(made.id, user_id=ada.id)
    with pytest.raises(OwnAccountError):
        await desk.records(UserHistory, caller_of(ada.id, *Permission)).revert(made.id, user_id=ada.id)
    with pytest.raises(UserNotFoundError):
        await desk.records(UserHistory, caller_of(boss.id)).page(user_id=ada.id)


async def test_the_last_admin_stays_one(world: World) -> None:
    site = await world.site()
    desk, ada = Desk(world, site), await world.user(site, "ada")
    await desk(ChangeUser, user_id=ada.id, changes=UserChanges(is_admin=True), seen=None)
    made, _ = await desk.records(UserHistory).entries(user_id=ada.id)
    with pytest.raises(LastAdminError):
        await desk.records(UserHistory).revert(made.id, user_id=ada.id)


async def test_an_address_that_another_has_by_now_is_refused_and_a_password_stays(world: World) -> None:
    site = await world.site()
    desk, ada, bob = Desk(world, site), await world.user(site, "ada"), await world.user(site, "bob")
    changes = UserChanges(email="new@example.org")
    await desk(ChangeUser, user_id=ada.id, changes=changes, password="another-good-one", seen=None)
    await desk(ChangeUser, user_id=bob.id, changes=UserChanges(email="ada@example.org"), seen=None)
    records = desk.records(UserHistory)
    made, _ = await records.entries(user_id=ada.id)
    with pytest.raises(EmailTakenError):
        await records.revert(made.id, user_id=ada.id)
    await desk(ChangeUser, user_id=bob.id, changes=UserChanges(email="bob@example.org"), seen=None)
    back = await records.revert(made.id, user_id=ada.id)
    assert back.changes.keys() == {"email", "version", "updated_at"}

    await desk(DeleteUser, user_id=bob.id, seen=None)
    gone = (await records.entries(user_id=bob.id))[-1]
    with pytest.raises(CannotRevertError):
        await records.revert(gone.id, user_id=bob.id)


async def test_a_plan_comes_back_with_its_limits_for_admins_of_the_platform_alone(world: World) -> None:
    desk = Desk(world)
    owner = caller_of((await world.user(PLATFORM, f"o-{world.suffix}")).id)
    slug = (await desk(CreateOrganization, owner, name=f"Acme {world.suffix}")).slug
    agreed = OrganizationChanges(plan=Plan.BASIC, max_sites=77)
    await desk(ChangeOrganization, slug=slug, changes=agreed, seen=None)
    await desk(ChangeOrganization, slug=slug, changes=OrganizationChanges(plan=Plan.FREE, max_sites=77), seen=None)
    records = desk.records(OrganizationHistory)
    made, basic, _ = await records.entries(slug=slug)
    with pytest.raises(PlatformFieldsError):
        await desk.records(OrganizationHistory, owner).revert(basic.id, slug=slug)
    await records.revert(basic.id, slug=slug)
    now = await records.past(world.clock(), slug=slug)
    assert (now["plan"], now["max_sites"], now["max_members"]) == (
        "basic",
        77,
        basic.changes["max_members"][1],
    )
    await desk(ChangeOrganization, owner, slug=slug, changes=OrganizationChanges(name="Other"), seen=None)
    renamed = (await records.entries(slug=slug))[-1]
    await desk(ChangeOrganization, owner, slug=slug, changes=OrganizationChanges(name="Third"), seen=None)
    back = await desk.records(OrganizationHistory, owner).revert(renamed.id, slug=slug)
    assert back.changes["name"] == ("Third", "Other")

    await desk(DeleteOrganization, owner, slug=slug, confirm=slug, seen=None)
    with pytest.raises(OrganizationNotFoundError):
        await desk.records(OrganizationHistory, owner).page(slug=slug)
    assert len(await records.entries(slug=slug)) == 8
    with pytest.raises(NotThenError):
        await records.past(world.clock(), slug=slug)
    with pytest.raises(CannotRevertError):
        await records.revert(made.id, slug=slug)


async def test_roles_come_back_by_other_owners_and_the_last_one_stays(world: World) -> None:
    desk = Desk(world)
    owner = await world.member(MemberRole.OWNER)
    member = await world.member(MemberRole.MEMBER)
    key: dict[str, Any] = {"slug": world.organization, "user_id": owner.user_id}
    changes = MemberChanges(role=MemberRole.OWNER)
    await desk(ChangeMember, organization=world.organization, user_id=member.user_id, changes=changes, seen=None)
    await desk(
        ChangeMember,
        organization=world.organization,
        user_id=owner.user_id,
        changes=MemberChanges(role=MemberRole.MEMBER),
        seen=None,
    )
    records = desk.records(MemberHistory)
    made, _ = await records.entries(**key)
    with pytest.raises(OwnStandingError):
        await desk.records(MemberHistory, owner).revert(made.id, **key)
    theirs: dict[str, Any] = {"slug": world.organization, "user_id": member.user_id}
    joined, _ = await records.entries(**theirs)
    with pytest.raises(LastOwnerError):
        await records.revert(joined.id, **theirs)
    with pytest.raises(NotPermittedError):
        await desk.records(MemberHistory, owner).revert(joined.id, **theirs)
    await desk.records(MemberHistory, member).revert(made.id, **key)


async def test_who_left_is_found_by_admins_of_the_platform_and_does_not_come_back(world: World) -> None:
    desk = Desk(world)
    owner, member = await world.member(MemberRole.OWNER), await world.member(MemberRole.MEMBER)
    key: dict[str, Any] = {"slug": world.organization, "user_id": member.user_id}
    await desk(RemoveMember, organization=world.organization, user_id=member.user_id, seen=None)
    records = desk.records(MemberHistory)
    _, gone = await records.entries(**key)

    assert (gone.operation, gone.changes["role"]) == ("delete", ("member", None))
    with pytest.raises(MemberNotFoundError):
        await desk.records(MemberHistory, owner).page(**key)
    with pytest.raises(CannotRevertError):
        await records.revert(gone.id, **key)


async def test_a_sites_slug_and_status_take_their_own_steps(world: World) -> None:
    desk, site = Desk(world), await world.site()
    records, slug = desk.records(SiteHistory), site.slug
    active = (await records.entries(slug=slug))[-1]
    await desk(SuspendSite, slug=slug, seen=None)
    with pytest.raises(CannotRevertError):
        await records.revert(active.id, slug=slug)
    moved = world.slug("moved")
    await desk(RenameSite, slug=slug, new_slug=moved, seen=None)
    with pytest.raises(CannotRevertError):
        await records.revert((await records.entries(slug=moved))[-2].id, slug=moved)
    await desk(DeleteSite, slug=moved, confirm=moved, seen=None)
    gone = (await records.entries(slug=moved))[-1]
    assert gone.changes["status"] == ("suspended", "deleted")
    with pytest.raises(NotThenError):
        await records.past(world.clock(), slug=moved)
    with pytest.raises(CannotRevertError):
        await records.revert(active.id, slug=moved)
    member = await world.member(MemberRole.OWNER)
    with pytest.raises(SiteNotFoundError):
        await desk.records(SiteHistory, member).page(slug=moved)


async def test_domains_and_invitations_tell_and_do_not_go_back(world: World) -> None:
    desk, site, owner = Desk(world), await world.site(), await world.member(MemberRole.OWNER)
    domain = f"{world.suffix}.example.org"
    await desk(AddDomain, slug=site.slug, domain=domain)
    key: dict[str, Any] = {"slug": site.slug, "domain": domain}
    (claimed,) = await desk.records(DomainHistory, owner).entries(**key)
    with pytest.raises(CannotRevertError):
        await desk.records(DomainHistory).revert(claimed.id, **key)
    await desk(RemoveDomain, slug=site.slug, domain=domain, seen=None)
    assert len(await desk.records(DomainHistory).entries(**key)) == 2
    with pytest.raises(DomainNotFoundError):
        await desk.records(DomainHistory, owner).page(**key)

    invited = await desk(
        InviteMember,
        owner,
        organization=world.organization,
        email=f"{world.suffix}@example.net",
        role=MemberRole.MEMBER,
        message="",
        metadata={},
    )
    records = desk.records(InvitationHistory, owner)
    (sent,) = await records.entries(invitation_id=invited.id)
    assert "token" not in repr(sent.changes)
    with pytest.raises(CannotRevertError):
        await records.revert(sent.id, invitation_id=invited.id)
    await world.settle()
