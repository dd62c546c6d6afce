from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from adapters.memory.database import MemoryDatabase, MemoryUnitOfWork
from adapters.memory.organization_readers import MemoryMemberReader, MemoryOrganizationReader
from adapters.memory.organizations import (
    MemoryMemberRepository,
    MemoryOrganizationRepository,
    MemoryOrganizationTies,
)
from adapters.memory.tenancy import MemorySiteRepository
from application.tenancy.add_member import AddMember
from application.tenancy.change_member import ChangeMember
from application.tenancy.change_organization import ChangeOrganization
from application.tenancy.create_organization import CreateOrganization
from application.tenancy.delete_organization import DeleteOrganization
from application.tenancy.organization_views import MemberQuery, OrganizationQuery
from application.tenancy.read_members import ListMembers, ShowMember
from application.tenancy.read_organizations import ListOrganizations
from application.tenancy.remove_member import RemoveMember
from application.tenancy.standing import Standing
from domain.identity.user import User
from domain.shared.caller import Caller, NotPermittedError, Permission, UserId
from domain.shared.errors import InvalidError, StaleError
from domain.tenancy.membership import (
    LastOwnerError,
    Member,
    MemberChanges,
    MemberExistsError,
    MemberNotFoundError,
    MemberRole,
    OwnStandingError,
    UnknownUserError,
)
from domain.tenancy.organization import (
    Organization,
    OrganizationChanges,
    OrganizationNotFoundError,
    OrganizationSlugTakenError,
    PlatformFieldsError,
)
from domain.tenancy.plan import Plan, PlanLimitError
from domain.tenancy.scope import PlatformScope

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ADA, BOB, EVE = (
    Caller(label=name, user_id=UserId(UUID(int=number)), permissions=frozenset())
    for number, name in enumerate(("ada", "bob", "eve"), start=1)
)
ADMIN = Caller(label="admin", user_id=UserId(UUID(int=9)), permissions=frozenset({Permission.ORGANIZATIONS_MANAGE}))
OPERATOR = replace(ADMIN, user_id=None)


def a_user(caller: Caller) -> User:
    return User(
        id=caller.require_user(),
        username=caller.label,
        email=f"{caller.label}@example.org",
        password_hash="",
        created_at=NOON,
        updated_at=NOON,
        created_by=None,
    )


@dataclass
class Platform:
    """The platform in memory; its use cases, for whoever is named."""

    database: MemoryDatabase = field(default_factory=MemoryDatabase)

    def __post_init__(self) -> None:
        users = self.database.within(PlatformScope()).users
        users.update({one.require_user(): a_user(one) for one in (ADA, BOB, EVE, ADMIN)})
        self.organizations = MemoryOrganizationRepository(self.database)
        self.members = MemoryMemberRepository(self.database)
        self.reader = MemoryOrganizationReader(self.database)
        self.work = MemoryUnitOfWork(self.database)

    def standing(self, caller: Caller) -> Standing:
        return Standing(caller=caller, members=self.members)

    def creating(self, caller: Caller) -> CreateOrganization:
        return CreateOrganization(
            caller=caller,
            organizations=self.organizations,
            members=self.members,
            work=self.work,
            clock=lambda: NOON,
            new_id=uuid4,
        )

    async def change(self, caller: Caller, changes: OrganizationChanges, seen: int | None = None) -> Organization:
        use_case = ChangeOrganization(
            standing=self.standing(caller), organizations=self.organizations, work=self.work, clock=lambda: NOON
        )
        return await use_case(slug="acme", changes=changes, seen=None if seen is None else frozenset({seen}))

    async def delete(self, caller: Caller, confirm: str = "acme") -> None:
        use_case = DeleteOrganization(
            standing=self.standing(caller),
            organizations=self.organizations,
            sites=MemorySiteRepository(self.database),
            ties=MemoryOrganizationTies(self.database),
            work=self.work,
            clock=lambda: NOON,
        )
        await use_case(slug="acme", confirm=confirm, seen=None)

    async def add(self, caller: Caller, user: UserId | None, role: MemberRole = MemberRole.MEMBER) -> Member:
        use_case = AddMember(
            standing=self.standing(caller),
            organizations=self.organizations,
            members=self.members,
            work=self.work,
            clock=lambda: NOON,
            new_id=uuid4,
        )
        return await use_case(organization="acme", user_id=user or UserId(uuid4()), role=role)

    async def change_member(self, caller: Caller, of: Caller, changes: MemberChanges) -> Member:
        use_case = ChangeMember(
            standing=self.standing(caller),
            organizations=self.organizations,
            members=self.members,
            work=self.work,
            clock=lambda: NOON,
        )
        return await use_case(organization="acme", user_id=of.require_user(), changes=changes, seen=None)

    async def remove(self, caller: Caller, of: Caller) -> None:
        use_case = RemoveMember(
            standing=self.standing(caller), organizations=self.organizations, members=self.members, work=self.work
        )
        await use_case(organization="acme", user_id=of.require_user(), seen=None)

    async def listed(self, caller: Caller) -> list[str]:
        page = await ListOrganizations(caller=caller, reader=self.reader)(OrganizationQuery())
        return sorted(one.slug for one in page.results)

    async def people(self, caller: Caller) -> list[str]:
        use_case = ListMembers(caller=caller, organizations=self.reader, reader=MemoryMemberReader(self.database))
        page = await use_case(organization="acme", query=MemberQuery())
        return sorted(one.user.username for one in page.results)


@pytest.fixture
async def platform() -> Platform:
    """With Acme, of which Ada is the owner and Bob a member."""
    platform = Platform()
    await platform.creating(ADA)(name="Acme")
    await platform.add(ADA, BOB.user_id)
    return platform


async def test_whoever_founds_it_owns_it_on_the_free_plan(platform: Platform) -> None:
    made = await platform.creating(BOB)(name="Acme", description="Other", settings={"a": 1})

    assert (made.slug, made.plan, made.created_by) == ("acme-1", Plan.FREE, BOB.user_id)
    assert (made.description, made.settings) == ("Other", {"a": 1})
    assert await platform.listed(BOB) == ["acme", "acme-1"]


async def test_only_the_platform_gives_slugs_and_plans(platform: Platform) -> None:
    for asked in ({"slug": "mine"}, {"plan": Plan.BASIC}):
        with pytest.raises(NotPermittedError):
            await platform.creating(ADA)(name="Mine", **asked)
    with pytest.raises(NotPermittedError):
        await platform.creating(replace(ADA, user_id=None))(name="Mine")
    with pytest.raises(OrganizationSlugTakenError):
        await platform.creating(ADMIN)(name="Mine", slug="acme")
    assert (await platform.creating(OPERATOR)(name="Mine", slug="mine", plan=Plan.BASIC)).max_sites == 5
    with pytest.raises(InvalidError):
        await platform.creating(ADA)(name="", email="x")
    assert await platform.listed(ADA) == ["acme"]


async def test_each_sees_where_they_take_part(platform: Platform) -> None:
    assert await platform.listed(EVE) == []
    assert await platform.listed(BOB) == ["acme"]
    assert await platform.listed(ADMIN) == await platform.listed(OPERATOR) == ["acme"]
    assert await platform.people(BOB) == await platform.people(ADMIN) == ["ada", "bob"]
    with pytest.raises(OrganizationNotFoundError):
        await platform.people(EVE)
    show = ShowMember(caller=EVE, organizations=platform.reader, reader=MemoryMemberReader(platform.database))
    with pytest.raises(OrganizationNotFoundError):
        await show(organization="acme", user_id=EVE.require_user())


async def test_owners_describe_it_and_the_platform_limits_it(platform: Platform) -> None:
    both = OrganizationChanges(name="Other", max_sites=9, is_active=False)

    with pytest.raises(PlatformFieldsError, match="max_sites, is_active"):
        await platform.change(ADA, both)
    with pytest.raises(NotPermittedError):
        await platform.change(BOB, OrganizationChanges(name="Mine"))
    with pytest.raises(OrganizationNotFoundError):
        await platform.change(EVE, both)
    with pytest.raises(StaleError):
        await platform.change(ADA, OrganizationChanges(name="Mine"), seen=0)
    assert (await platform.change(ADA, OrganizationChanges(name="Other"), seen=1)).name == "Other"
    assert (await platform.change(ADMIN, both)).max_sites == 9


async def test_is_deleted_by_owners_and_the_platform(platform: Platform) -> None:
    for caller, refusal in ((BOB, NotPermittedError), (EVE, OrganizationNotFoundError)):
        with pytest.raises(refusal):
            await platform.delete(caller)
    with pytest.raises(InvalidError):
        await platform.delete(ADA, confirm="")
    await platform.delete(ADA)
    with pytest.raises(OrganizationNotFoundError):
        await platform.delete(ADMIN)
    assert await platform.listed(ADA) == await platform.listed(ADMIN) == []
    assert (await platform.creating(ADA)(name="Acme")).slug == "acme-1"


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
