from dataclasses import dataclass

from application.tenancy.domains.ports import SitesInSight
from application.tenancy.ports import OrganizationRepository, SiteRepository
from application.tenancy.standing import Standing
from domain.tenancy.membership import OrganizationRight
from domain.tenancy.organization import OrganizationNotFoundError
from domain.tenancy.site import Site, SiteNotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStanding:
    """What the caller may do with a site, by their standing in its organization."""

    standing: Standing
    sites_in_sight: SitesInSight
    organizations: OrganizationRepository
    sites: SiteRepository

    async def require(self, slug: str, right: OrganizationRight) -> Site:
        """The site, locked after its organization.

        Raise `SiteNotFoundError` if there is none that the caller may know of, `NotPermittedError` for a small part.
        """
        seen = await self.sites_in_sight.find(slug, None)
        if seen is None:
            raise not_there(slug)
        try:
            organization = await self.organizations.get_by_id(seen.organization_id)
            await self.standing.require(organization, right)
        except OrganizationNotFoundError as error:
            raise not_there(slug) from error
        site = await self.sites.get(slug)
        if site.id != seen.site_id:
            raise not_there(slug)
        return site


def not_there(slug: str) -> SiteNotFoundError:
    """Said of a site that is absent and of one that the caller may not know of alike."""
    return SiteNotFoundError(f"there is no site {slug!r}")
