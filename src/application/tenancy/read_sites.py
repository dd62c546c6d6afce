from dataclasses import dataclass

from application.shared.page import Page, PageRequest
from application.tenancy.ports import SiteReader
from application.tenancy.views import SiteView
from domain.shared.caller import Caller, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSites:
    """The sites that are not deleted, by slug, one page of them."""

    caller: Caller
    reader: SiteReader

    async def __call__(self, page: PageRequest) -> Page[SiteView]:
        self.caller.require(Permission.SITES_VIEW)
        return await self.reader.page(page)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowSite:
    """One site that is not deleted."""

    caller: Caller
    reader: SiteReader

    async def __call__(self, *, slug: str) -> SiteView:
        self.caller.require(Permission.SITES_VIEW)
        return await self.reader.get(slug)
