from dataclasses import dataclass

from application.shared.page import Page
from application.tenancy.domains.ports import DomainReader, SitesInSight
from application.tenancy.domains.views import DomainQuery, DomainView
from application.tenancy.site_standing import not_there
from domain.shared.caller import Caller, Permission
from domain.tenancy.site import SiteId


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSight:
    """Finds the site that a caller may view."""

    caller: Caller
    sites_in_sight: SitesInSight

    async def require(self, slug: str) -> SiteId:
        """Raise `SiteNotFoundError` if there is none that the caller may know of."""
        viewer = None if self.caller.may(Permission.ORGANIZATIONS_MANAGE) else self.caller.require_user()
        seen = await self.sites_in_sight.find(slug, viewer)
        if seen is None:
            raise not_there(slug)
        return seen.site_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ListDomains:
    """The domains of a site, one page of them. For members of its organization and the platform's admins."""

    site_sight: SiteSight
    reader: DomainReader

    async def __call__(self, *, slug: str, query: DomainQuery) -> Page[DomainView]:
        return await self.reader.page(await self.site_sight.require(slug), query)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowDomain:
    """One domain of a site. For the same people."""

    site_sight: SiteSight
    reader: DomainReader

    async def __call__(self, *, slug: str, domain: str) -> DomainView:
        return await self.reader.get(await self.site_sight.require(slug), domain)
