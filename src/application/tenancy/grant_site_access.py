from dataclasses import dataclass

from application.shared.ports import Clock, UnitOfWork
from application.tenancy.organization_ports import SiteAccessRepository
from application.tenancy.ports import MemberRepository, OrganizationRepository
from application.tenancy.standing import Standing
from domain.shared.caller import UserId
from domain.tenancy.membership import MemberNotFoundError, OrganizationRight


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantSiteAccess:
    """Let a member enter one site of the organization. Safe to repeat."""

    standing: Standing
    organizations: OrganizationRepository
    members: MemberRepository
    access: SiteAccessRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, organization: str, user_id: UserId, site: str) -> None:
        async with self.work:
            owning = await self.organizations.get(organization)
            await self.standing.require(owning, OrganizationRight.MANAGE_MEMBERS)
            member = await self.members.find(owning.id, user_id)
            if member is None:
                raise MemberNotFoundError(f"{user_id} is no member of {owning.slug}")
            await self.access.grant(member, site, at=self.clock(), by=self.standing.caller.user_id)
