from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

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
from application.tenancy.read_members import ListMembers
from application.tenancy.read_organizations import ListOrganizations
from application.tenancy.remove_member import RemoveMember
from application.tenancy.standing import Standing
from domain.identity.user import User
from domain.shared.caller import Caller, Permission, UserId
from domain.tenancy.membership import (
    Member,
    MemberChanges,
    MemberRole,
)
from domain.tenancy.organization import (
    Organization,
    OrganizationChanges,
)
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
