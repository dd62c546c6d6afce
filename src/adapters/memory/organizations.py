from adapters.memory.database import MemoryDatabase
from application.tenancy.ports import MemberRepository, OrganizationRepository
from domain.identity.user import UserNotFoundError
from domain.shared.caller import UserId
from domain.tenancy.membership import Member, MemberExistsError
from domain.tenancy.organization import (
    Organization,
    OrganizationId,
    OrganizationNotFoundError,
    OrganizationSlugTakenError,
)
from domain.tenancy.scope import PlatformScope


class MemoryOrganizationRepository(OrganizationRepository):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def get(self, slug: str) -> Organization:
        for organization in self._database.organizations.values():
            if organization.slug == slug:
                return organization
        raise OrganizationNotFoundError(f"there is no organization {slug!r}")

    async def get_by_id(self, organization_id: OrganizationId) -> Organization:
        if (found := self._database.organizations.get(organization_id)) is None:
            raise OrganizationNotFoundError(f"there is no organization {organization_id}")
        return found

    async def add(self, organization: Organization) -> None:
        if any(o.slug == organization.slug for o in self._database.organizations.values()):
            raise OrganizationSlugTakenError(f"{organization.slug} is taken")
        self._database.organizations[organization.id] = organization

    async def save(self, organization: Organization) -> None:
        await self.get_by_id(organization.id)
        self._database.organizations[organization.id] = organization
        sites = self._database.sites.values()
        self._database.changed += [site.id for site in sites if site.organization_id == organization.id]


class MemoryMemberRepository(MemberRepository):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def find(self, organization_id: OrganizationId, user_id: UserId) -> Member | None:
        return next((one for one in self._of(organization_id) if one.user_id == user_id), None)

    async def add(self, member: Member) -> None:
        if member.user_id not in self._database.within(PlatformScope()).users:
            raise UserNotFoundError(f"there is no user {member.user_id}")
        if await self.find(member.organization_id, member.user_id):
            raise MemberExistsError("this user is a member already")
        self._database.members[member.id] = member

    async def save(self, member: Member) -> None:
        self._database.members[member.id] = member

    async def remove(self, member: Member) -> None:
        self._database.members.pop(member.id, None)
        self._database.site_access -= {pair for pair in self._database.site_access if pair[0] == member.id}

    async def count(self, organization_id: OrganizationId) -> int:
        return len(self._of(organization_id))

    async def owners(self, organization_id: OrganizationId) -> int:
        return sum(one.is_owner for one in self._of(organization_id))

    def _of(self, organization_id: OrganizationId) -> list[Member]:
        return [one for one in self._database.members.values() if one.organization_id == organization_id]
