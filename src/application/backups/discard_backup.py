from dataclasses import dataclass

from application.backups.ports import BackupRepository
from application.backups.store import ArchiveStore
from application.shared.ports import UnitOfWork
from application.tenancy.site_standing import SiteStanding
from domain.backups.backup import Backup, BackupId, BackupKind, BackupNotFoundError, BackupStatus, BackupStatusError
from domain.tenancy.membership import OrganizationRight
from domain.tenancy.site import Site, SiteStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardBackup:
    """Give a backup up: its bytes go. For owners of the organization.

    The last archive of an archived site cannot be: it is the site. Files that other backups share stay for these.
    """

    site_standing: SiteStanding
    backups: BackupRepository
    archives: ArchiveStore
    work: UnitOfWork

    async def __call__(self, *, slug: str, backup_id: BackupId) -> None:
        async with self.work:
            site = await self.site_standing.require(slug, OrganizationRight.MANAGE_SITES)
            backup = await self.backups.find(backup_id)
            if backup is None or backup.site_id != site.id or backup.status is BackupStatus.EXPIRED:
                raise BackupNotFoundError(f"there is no backup {backup_id}")
            if site.status is SiteStatus.ARCHIVED:
                await self._require_another(site, backup)
            await self.backups.save(backup.expire())
        await self.archives.discard(site.id, backup.id)

    async def _require_another(self, site: Site, backup: Backup) -> None:
        archives = [
            one.id
            for one in await self.backups.of_site(site.id)
            if one.kind is BackupKind.ARCHIVE and one.status is BackupStatus.READY
        ]
        if archives[:1] == [backup.id]:
            raise BackupStatusError("the site is archived: this is all that there is of it")
