from dataclasses import dataclass

from application.tenancy.ports import OrganizationRepository, SiteReader, SiteRepository
from application.tenancy.standing import Standing
from domain.tenancy.membership import OrganizationRight
from domain.tenancy.organization import OrganizationNotFoundError
from domain.tenancy.site import Site, SiteNotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteStanding:
    """What the caller may do with a site: what they may do in the organization that owns it."""

    standing: Standing
    organizations: OrganizationRepository
    sites: SiteRepository
    reader: SiteReader

    async def require(self, slug: str, right: OrganizationRight) -> Site:
        """The site, locked after its organization and the caller's membership; inside the transaction that acts.

        Raise `SiteNotFoundError` if there is none or the caller has no part in its organization, which then is
        not locked either; `NotPermittedError` if the part is too small.
        """
        seen = await self.reader.get(slug, self.standing.viewer)
        try:
            organization = await self.organizations.get(seen.organization)
            await self.standing.require(organization, right)
        except OrganizationNotFoundError as error:
            raise not_there(slug) from error
        site = await self.sites.get(slug)
        if site.organization_id != organization.id:
            raise not_there(slug)
        return site


def not_there(slug: str) -> SiteNotFoundError:
    """Said of a site that is absent and of one that the caller may not know of alike."""
    return SiteNotFoundError(f"there is no site {slug!r}")
