from dataclasses import replace
from datetime import datetime

from adapters.memory.database import MemoryDatabase
from application.tenancy.organization_ports import OrganizationTies, SiteAccessRepository
from application.tenancy.ports import MemberRepository, OrganizationRepository
from domain.identity.user import UserNotFoundError
from domain.shared.caller import UserId
from domain.tenancy.invitation import InvitationStatus
from domain.tenancy.membership import Member, MemberExistsError, MemberNotFoundError
from domain.tenancy.organization import (
    Organization,
    OrganizationId,
    OrganizationNotFoundError,
    OrganizationSlugTakenError,
)
from domain.tenancy.scope import PlatformScope
from domain.tenancy.site import SiteId, SiteNotFoundError, SiteStatus


class MemoryOrganizationRepository(OrganizationRepository):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def get(self, slug: str) -> Organization:
        return living(self._database, slug)

    async def get_by_id(self, organization_id: OrganizationId) -> Organization:
        if (found := self._database.organizations.get(organization_id)) is None:
            raise OrganizationNotFoundError(f"there is no organization {organization_id}")
        return found

    async def add(self, organization: Organization) -> None:
        taken = [*self._database.organizations.values(), *self._database.deleted_organizations.values()]
        if any(other.slug == organization.slug for other in taken):
            raise OrganizationSlugTakenError(f"{organization.slug} is taken")
        self._database.organizations[organization.id] = organization

    async def save(self, organization: Organization) -> None:
        before = await self.get_by_id(organization.id)
        self._database.organizations[organization.id] = organization
        if organization.deleted_at:
            self._database.deleted_organizations[organization.id] = self._database.organizations.pop(organization.id)
        if organization.is_active == before.is_active:
            return
        sites = self._database.sites.values()
        self._database.changed += [site.id for site in sites if site.organization_id == organization.id]


def living(database: MemoryDatabase, slug: str) -> Organization:
    """Raise `OrganizationNotFoundError` if there is none."""
    for organization in database.organizations.values():
        if organization.slug == slug:
            return organization
    raise OrganizationNotFoundError(f"there is no organization {slug!r}")


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
        if member.id not in self._database.members:
            raise MemberNotFoundError(f"{member.user_id} is no member")
        self._database.members[member.id] = member

    async def remove(self, member: Member) -> None:
        self._database.members.pop(member.id, None)
        for pair in [pair for pair in self._database.site_access if pair[0] == member.id]:
            del self._database.site_access[pair]

    async def count(self, organization_id: OrganizationId) -> int:
        return len(self._of(organization_id))

    async def other_owners(self, member: Member) -> int:
        users = self._database.within(PlatformScope()).users
        others = (one for one in self._of(member.organization_id) if one.id != member.id)
        return sum(one.is_owner and users[one.user_id].is_active for one in others)

    def _of(self, organization_id: OrganizationId) -> list[Member]:
        return members_of(self._database, organization_id)


def members_of(database: MemoryDatabase, organization_id: OrganizationId) -> list[Member]:
    return [one for one in database.members.values() if one.organization_id == organization_id]


class MemoryOrganizationTies(OrganizationTies):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def end(self, organization_id: OrganizationId, *, at: datetime) -> None:
        members = MemoryMemberRepository(self._database)
        for member in members_of(self._database, organization_id):
            await members.remove(member)
        for one in list(self._database.invitations.values()):
            if one.organization_id == organization_id and one.status is InvitationStatus.PENDING:
                revoked = replace(
                    one, status=InvitationStatus.REVOKED, ended_at=at, updated_at=at, version=one.version + 1
                )
                self._database.invitations[one.id] = revoked


class MemorySiteAccessRepository(SiteAccessRepository):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def grant(self, member: Member, site: str, *, at: datetime, by: UserId | None) -> None:  # noqa: ARG002  kept in PostgreSQL alone
        self._database.site_access.setdefault((member.id, self._id_of(member, site)), at)

    async def revoke(self, member: Member, site: str) -> None:
        self._database.site_access.pop((member.id, self._id_of(member, site)), None)

    async def copy(self, source: SiteId, target: SiteId, *, at: datetime, by: UserId | None) -> None:  # noqa: ARG002  as `grant`
        for member_id in [member_id for member_id, site_id in self._database.site_access if site_id == source]:
            self._database.site_access.setdefault((member_id, target), at)

    def _id_of(self, member: Member, slug: str) -> SiteId:
        for site in self._database.sites.values():
            is_its = site.organization_id == member.organization_id and site.status is not SiteStatus.DELETED
            if is_its and site.slug.value == slug:
                return site.id
        raise SiteNotFoundError(f"there is no site {slug!r}")
