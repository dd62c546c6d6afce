from dataclasses import dataclass

from application.shared.ports import Clock, UnitOfWork
from application.tenancy.ports import SiteRepository
from domain.shared.caller import Caller, Permission
from domain.shared.versions import require_version
from domain.tenancy.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeSite:
    """Open a suspended site again: its hosts answer within 5 seconds."""

    caller: Caller
    sites: SiteRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, slug: str, seen: frozenset[int] | None) -> Site:
        self.caller.require(Permission.SITES_MANAGE)
        async with self.work:
            site = await self.sites.get(slug)
            require_version(site.version, seen)
            resumed = site.resume(at=self.clock())
            await self.sites.save(resumed)
        return resumed
