from dataclasses import dataclass

from application.backups.ports import BackupRepository
from application.backups.taking import BackupTaking
from application.backups.views import BackupResult
from application.shared.ports import UnitOfWork
from application.tenancy.ports import SiteRepository
from domain.backups.backup import BackupId, BackupStatus
from domain.tenancy.site import HAVE_SCHEMAS, Site, SiteId, SiteStatusError


@dataclass(frozen=True, slots=True, kw_only=True)
class BackUpSite:
    """Take the backup that was asked for, while the site goes on. Safe to repeat: what is ready is not taken again."""

    taking: BackupTaking
    backups: BackupRepository
    sites: SiteRepository
    work: UnitOfWork

    async def __call__(self, *, backup_id: BackupId) -> BackupResult:
        async with self.work:
            backup = await self.backups.get(backup_id)
            site = await self.sites.get_by_id(SiteId(backup.site_id))
        if backup.status is not BackupStatus.READY:
            await self.taking(backup.id, require_schema(site))
        return BackupResult(backup=backup_id, site=site.slug.value)


def require_schema(site: Site) -> Site:
    """Raise `SiteStatusError` where it has none now."""
    if site.status not in HAVE_SCHEMAS:
        raise SiteStatusError(f"a site that is {site.status} has no data of its own to back up")
    return site
