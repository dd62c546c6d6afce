from dataclasses import dataclass
from typing import Final

from application.backups.ports import BackupRepository
from application.shared.ports import Clock, UnitOfWork
from application.tenancy.ports import SiteRepository

_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SettledBackups:
    """How many sites were opened, and of how many backups it was said that they failed."""

    sites: int = 0
    backups: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleBackups:
    """Put right what jobs left that ended in the middle: killed, cancelled, or refused before they could begin.

    A site that such a job had closed opens; a backup that it was to take failed. For the platform itself. Safe to
    repeat.
    """

    sites: SiteRepository
    backups: BackupRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self) -> SettledBackups:
        sites = backups = 0
        while opened := await self._open():
            sites += opened
        while failed := await self._fail():
            backups += failed
        return SettledBackups(sites=sites, backups=backups)

    async def _open(self) -> int:
        async with self.work:
            left = await self.sites.left_closed(_AT_ONCE)
            for site in left:
                await self.sites.save(site.resume(at=self.clock()))
        return len(left)

    async def _fail(self) -> int:
        async with self.work:
            left = await self.backups.left_running(_AT_ONCE)
            for backup in left:
                await self.backups.save(backup.fail("its job has ended without it"))
        return len(left)
