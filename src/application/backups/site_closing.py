from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from application.shared.jobs import JobHere, Once
from application.shared.ports import Clock, UnitOfWork
from application.tenancy.ports import SiteRepository
from domain.tenancy.site import Site, SiteId, SiteStatus

_STEP: Final = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteClosing:
    """Keeps people out of a site while what it has is replaced or put away.

    The site says which job has it closed: so an attempt knows what one that was killed had closed, and what a person
    has closed stays so. Whose lease is lost can do neither: another attempt has the site closed, or is done.
    """

    sites: SiteRepository
    work: UnitOfWork
    job: JobHere
    once: Once
    clock: Clock

    async def begin(self, site_id: SiteId) -> Site:
        """The site as an attempt finds it: open again, where one that was killed had closed it. As `find`."""
        await self._reopen(site_id)
        return await self.find(site_id)

    @asynccontextmanager
    async def opened_on_failure(self, site_id: SiteId) -> AsyncIterator[None]:
        """Where what is done in it fails, the site opens again, if it was closed there."""
        try:
            yield
        except BaseException:  # also one that is cancelled: it is open again for whoever comes next
            await self._reopen(site_id)
            raise

    async def close(self, site_id: SiteId) -> None:
        """Suspend it, if it is active. Processes know it within 5 seconds."""
        async with self.work:
            site = await self.sites.get_by_id(site_id)
            if site.status is SiteStatus.ACTIVE:
                await self.once(_STEP)
                await self.sites.save(site.close(self.job, at=self.clock()))

    async def find(self, site_id: SiteId) -> Site:
        """As it is now. Raise `SiteNotFoundError`."""
        async with self.work:
            return await self.sites.get_by_id(site_id)

    async def _reopen(self, site_id: SiteId) -> None:
        async with self.work:
            site = await self.sites.get_by_id(site_id)
            if site.closed_by == self.job:
                await self.once(_STEP)
                await self.sites.save(site.resume(at=self.clock()))
