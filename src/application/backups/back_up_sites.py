from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from application.backups.asking import BackupOpening
from application.backups.back_up_site import BackUpSite
from application.backups.ports import SitesToBackUp
from application.backups.site_closing import SiteClosing
from application.shared.jobs import Jobs
from domain.backups.backup import BackupKind
from domain.tenancy.site import SiteId, SiteNotFoundError, SiteStatus

_LATELY: Final = timedelta(hours=20)
_SOME: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUpSites:
    """How many jobs were added."""

    sites: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BackUpSites:
    """Have every active site backed up, each by a job of its own. For the nightly schedule.

    Safe to repeat: a site of which a backup was begun in the last 20 hours is left out.
    """

    due: SitesToBackUp
    opening: BackupOpening
    closing: SiteClosing
    jobs: Jobs

    async def __call__(self) -> BackedUpSites:
        before, number = self.closing.clock() - _LATELY, 0
        while some := await self.due.due(before=before, limit=_SOME):
            added = sum([await self._add(site_id) for site_id in some])
            if not added:
                break
            number += added
        return BackedUpSites(sites=number)

    async def _add(self, site_id: SiteId) -> bool:
        try:
            async with self.closing.work:
                site = await self.closing.sites.get_by_id(site_id)
                if site.status is not SiteStatus.ACTIVE:
                    return False
                backup = await self.opening(site, BackupKind.BACKUP, None)
                await self.opening.give_to(await self.jobs.add(BackUpSite, backup_id=backup.id), backup)
        except SiteNotFoundError:
            return False
        return True
