from dataclasses import dataclass

from application.shared.ports import Clock, UnitOfWork
from application.tenancy.ports import SiteRepository, SiteSchemas
from domain.shared.caller import Caller, Permission
from domain.shared.versions import require_version
from domain.tenancy.site import RETIREMENT, Site
from domain.tenancy.slug import SiteSlug


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameSite:
    """Give a site another slug, and with it another schema name and host, in one transaction.

    Nobody else can have the old slug for ten minutes; the site itself may take it back.
    """

    caller: Caller
    sites: SiteRepository
    schemas: SiteSchemas
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, slug: str, new_slug: str, seen: frozenset[int] | None) -> Site:
        self.caller.require(Permission.SITES_MANAGE)
        now = self.clock()
        target = SiteSlug(new_slug)
        async with self.work:
            site = await self.sites.get(slug)
            require_version(site.version, seen)
            if target == site.slug:
                return site
            renamed = site.rename(target, at=now)
            await self.sites.save(renamed)
            await self.sites.retire(site.slug, site.id, until=now + RETIREMENT)
            await self.schemas.rename(site.schema, renamed.schema)
        return renamed
