from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from application.backups.job_steps import JobSteps
from application.shared.jobs import Once
from application.shared.ports import Clock, UnitOfWork
from application.tenancy.ports import SiteRepository
from domain.tenancy.site import Site, SiteId, SiteStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteClosing:
    """Keeps people out of a site while what it has is replaced or put away.

    Each closing is a step of the job that does it: so an attempt knows what one that was killed had closed.
    """

    sites: SiteRepository
    work: UnitOfWork
    once: Once
    steps: JobSteps
    clock: Clock

    async def begin(self, site_id: SiteId) -> Site:
        """The site as an attempt finds it: open again, where one that was killed had closed it. As `find`."""
        site = await self.find(site_id)
        if site.status is SiteStatus.SUSPENDED and await self.steps.is_done(_step(site)):
            await self._reopen(site)
            return await self.find(site_id)
        return site

    @asynccontextmanager
    async def closed(self, site_id: SiteId) -> AsyncIterator[None]:
        """Suspended meanwhile; where it fails, open again, if it was. Processes know it within 5 seconds."""
        closed = await self.close(site_id)
        try:
            yield
        except BaseException:
            if closed:
                await self._reopen(closed)
            raise

    async def find(self, site_id: SiteId) -> Site:
        """As it is now. Raise `SiteNotFoundError`."""
        async with self.work:
            return await self.sites.get_by_id(site_id)

    async def close(self, site_id: SiteId) -> Site | None:
        """Suspend it; None, and nothing, where it is not active."""
        async with self.work:
            site = await self.sites.get_by_id(site_id)
            if site.status is not SiteStatus.ACTIVE:
                return None
            closed = site.suspend(at=self.clock())
            await self.once(_step(closed))
            await self.sites.save(closed)
        return closed

    async def _reopen(self, closed: Site) -> None:
        """As it was before, unless somebody has changed it since."""
        async with self.work:
            site = await self.sites.get_by_id(closed.id)
            if site.version == closed.version:
                await self.sites.save(site.resume(at=self.clock()))


def _step(closed: Site) -> str:
    """Of this very closing: one that somebody else did, or that came later, made another version."""
    return f"closed at version {closed.version}"
