from dataclasses import dataclass

from application.shared.ports import Clock, UnitOfWork
from application.tenancy.ports import SiteRepository
from application.tenancy.site_standing import SiteStanding
from domain.shared.versions import require_version
from domain.tenancy.membership import OrganizationRight
from domain.tenancy.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeSite:
    """Open a suspended site again: its hosts answer within 5 seconds."""

    site_standing: SiteStanding
    sites: SiteRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, slug: str, seen: frozenset[int] | None) -> Site:
        async with self.work:
            site = await self.site_standing.require(slug, OrganizationRight.MANAGE_SITES)
            require_version(site.version, seen)
            resumed = site.resume(at=self.clock())
            await self.sites.save(resumed)
        return resumed
