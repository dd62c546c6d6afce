from dataclasses import dataclass

from application.shared.ports import Clock, UnitOfWork
from application.tenancy.organization_ports import OrganizationTies
from application.tenancy.ports import OrganizationRepository, SiteRepository
from application.tenancy.standing import Standing
from domain.shared.versions import require_version
from domain.tenancy.membership import OrganizationRight


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteOrganization:
    """Delete an organization that has no sites any more. `confirm` must repeat the slug, which stays taken.

    Its memberships and pending invitations end with it; the history keeps who was in it.
    """

    standing: Standing
    organizations: OrganizationRepository
    sites: SiteRepository
    ties: OrganizationTies
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, slug: str, confirm: str, seen: frozenset[int] | None) -> None:
        now = self.clock()
        async with self.work:
            organization = await self.organizations.get(slug)
            await self.standing.require(organization, OrganizationRight.DELETE)
            require_version(organization.version, seen)
            sites = await self.sites.count(organization.id)
            await self.organizations.save(organization.delete(at=now, confirm=confirm, sites=sites))
            await self.ties.end(organization.id, at=now)
