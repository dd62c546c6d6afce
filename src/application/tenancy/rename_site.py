from dataclasses import dataclass

from application.shared.ports import Clock, UnitOfWork
from application.tenancy.ports import SiteRepository, SiteSchemas
from application.tenancy.site_standing import SiteStanding
from domain.shared.versions import require_version
from domain.tenancy.membership import OrganizationRight
from domain.tenancy.site import REDIRECTION, RETIREMENT, Site
from domain.tenancy.slug import SiteSlug


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameSite:
    """Give a site another slug, and with it another schema name and host, in one transaction.

    The old host leads to the new one for seven days. Nobody else can have the old slug meanwhile and for ten
    minutes after; the site itself may take it back.
    """

    site_standing: SiteStanding
    sites: SiteRepository
    schemas: SiteSchemas
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, slug: str, new_slug: str, seen: frozenset[int] | None) -> Site:
        target = SiteSlug(new_slug)
        async with self.work:
            site = await self.site_standing.require(slug, OrganizationRight.MANAGE_SITES)
            require_version(site.version, seen)
            if target == site.slug:
                return site
            now = self.clock()
            renamed = site.rename(target, at=now)
            await self.sites.save(renamed)
            await self.sites.retire(site.slug, site.id, until=now + REDIRECTION + RETIREMENT)
            await self.schemas.rename(site.schema, renamed.schema)
        return renamed
