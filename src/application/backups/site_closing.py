from dataclasses import dataclass

from application.shared.ports import Clock, UnitOfWork
from application.tenancy.ports import SiteRepository
from domain.tenancy.site import Site, SiteId, SiteStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteClosing:
    """Keeps people out of a site while what it has is replaced or put away."""

    sites: SiteRepository
    work: UnitOfWork
    clock: Clock

    async def close(self, site_id: SiteId) -> bool:
        """Suspend it; false, and nothing, where it is not active. Processes know it within 5 seconds."""
        async with self.work:
            site = await self.sites.get_by_id(site_id)
            if site.status is not SiteStatus.ACTIVE:
                return False
            await self.sites.save(site.suspend(at=self.clock()))
        return True

    async def reopen(self, site_id: SiteId) -> None:
        """As it was before `close`, unless it is not suspended any more."""
        async with self.work:
            site = await self.sites.get_by_id(site_id)
            if site.status is SiteStatus.SUSPENDED:
                await self.sites.save(site.resume(at=self.clock()))

    async def find(self, site_id: SiteId) -> Site:
        """As it is now. Raise `SiteNotFoundError`."""
        async with self.work:
            return await self.sites.get_by_id(site_id)
