from dataclasses import dataclass

from application.shared.ports import UnitOfWork
from application.tenancy.ports import OrganizationRepository
from application.tenancy.standing import Standing
from domain.tenancy.membership import OrganizationRight
from domain.tenancy.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class AskersRight:
    """Whether who asked for what a job does with a site may have it done when it is done, not only when they asked."""

    standing: Standing
    organizations: OrganizationRepository
    work: UnitOfWork

    async def require(self, site: Site) -> None:
        """Raise `NotPermittedError` or `OrganizationNotFoundError`. Each attempt asks when it begins."""
        async with self.work:
            organization = await self.organizations.get_by_id(site.organization_id)
            await self.standing.require(organization, OrganizationRight.MANAGE_SITES)
