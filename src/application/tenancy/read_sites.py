from dataclasses import dataclass, replace
from typing import Final

from application.shared.page import Page
from application.tenancy.ports import SiteReader
from application.tenancy.standing import Standing
from application.tenancy.views import SiteQuery, SiteUsageView, SiteView

_DAYS: Final = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSites:
    """The sites of the organizations where the caller is an active member, for admins of the platform all.

    Those that match and are not deleted, one page of them.
    """

    standing: Standing
    reader: SiteReader

    async def __call__(self, query: SiteQuery) -> Page[SiteView]:
        return await self.reader.page(query, self.standing.viewer)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOrganizationSites:
    """The sites of one organization that the caller may know of, as `ListSites`."""

    standing: Standing
    reader: SiteReader

    async def __call__(self, *, organization: str, query: SiteQuery) -> Page[SiteView]:
        viewer = self.standing.viewer
        await self.reader.require_organization(organization, viewer)
        return await self.reader.page(replace(query, organization=organization), viewer)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowSite:
    """One site that is not deleted, of an organization that the caller may know of."""

    standing: Standing
    reader: SiteReader

    async def __call__(self, *, slug: str) -> SiteView:
        return await self.reader.get(slug, self.standing.viewer)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowSiteUsage:
    """What one site takes, open or suspended. For those who may see the site."""

    standing: Standing
    reader: SiteReader

    async def __call__(self, *, slug: str) -> SiteUsageView:
        return await self.reader.usage(slug, self.standing.viewer, days=_DAYS)
