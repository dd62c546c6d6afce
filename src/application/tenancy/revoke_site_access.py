from dataclasses import dataclass

from application.shared.ports import UnitOfWork
from application.tenancy.organization_ports import SiteAccessRepository
from application.tenancy.ports import MemberRepository, OrganizationRepository
from application.tenancy.standing import Standing
from domain.shared.caller import UserId
from domain.tenancy.membership import MemberNotFoundError, OrganizationRight


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeSiteAccess:
    """Let a member enter one site of the organization no more. Safe to repeat."""

    standing: Standing
    organizations: OrganizationRepository
    members: MemberRepository
    access: SiteAccessRepository
    work: UnitOfWork

    async def __call__(self, *, organization: str, user_id: UserId, site: str) -> None:
        async with self.work:
            owning = await self.organizations.get(organization)
            await self.standing.require(owning, OrganizationRight.MANAGE_MEMBERS)
            member = await self.members.find(owning.id, user_id)
            if member is None:
                raise MemberNotFoundError(f"{user_id} is no member of {owning.slug}")
            await self.access.revoke(member, site)
