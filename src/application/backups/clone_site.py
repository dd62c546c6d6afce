from dataclasses import dataclass

from application.backups.askers_right import AskersRight
from application.backups.back_up_site import require_schema
from application.backups.replacing import SchemaReplacing
from application.backups.restoring import Rebuilding
from application.backups.site_closing import SiteClosing
from application.backups.taking import BackupTaking
from application.backups.views import BackupResult
from domain.backups.backup import Backup, BackupId, BackupStatus
from domain.tenancy.site import SiteId, SiteStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class CloneSite:
    """Make the site that was asked for of all that another one has now: by a backup of that, which stays.

    The other goes on meanwhile. Safe to repeat.
    """

    taking: BackupTaking
    rebuilding: Rebuilding
    replacing: SchemaReplacing
    closing: SiteClosing
    right: AskersRight

    async def __call__(self, *, backup_id: BackupId, site_id: SiteId) -> BackupResult:
        copy = await self.closing.find(site_id)
        if copy.status is SiteStatus.PROVISIONING:
            await self.right.require(copy)
            scratch = await self.rebuilding(await self._backup(backup_id), copy, keeps_sessions=False)
            await self.replacing(scratch, copy.id, None)
        return BackupResult(backup=backup_id, site=copy.slug.value)

    async def _backup(self, backup_id: BackupId) -> Backup:
        backup = await self.taking.ending.find(backup_id)
        if backup.status is BackupStatus.READY:
            return backup
        source = await self.closing.find(SiteId(backup.site_id))
        return (await self.taking(backup_id, require_schema(source)))[0]
