import hashlib
from dataclasses import dataclass

from application.backups.askers_right import AskersRight
from application.backups.back_up_site import require_schema
from application.backups.dump_writing import EXPORT, part_of
from application.backups.export_writing import ExportWriting
from application.backups.site_closing import SiteClosing
from application.backups.store import ArchiveStore, Written
from application.backups.taking import BackupEnding
from application.backups.views import BackupResult
from domain.backups.backup import Backup, BackupDamagedError, BackupId, BackupStatus
from domain.tenancy.site import Site, SiteId


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSite:
    """Write all that a site has into one zip for its owners, without secrets. The site goes on. Safe to repeat."""

    writing: ExportWriting
    archives: ArchiveStore
    ending: BackupEnding
    closing: SiteClosing
    right: AskersRight

    async def __call__(self, *, backup_id: BackupId) -> BackupResult:
        backup = await self.ending.find(backup_id)
        site = await self.closing.find(SiteId(backup.site_id))
        if backup.status is not BackupStatus.READY:
            await self.right.require(site)
            await self._export(backup_id, require_schema(site))
        return BackupResult(backup=backup_id, site=site.slug.value)

    async def _export(self, backup_id: BackupId, site: Site) -> None:
        backup = await self.ending.begin(backup_id)
        try:
            written = await self.archives.write(part_of(backup, EXPORT), self.writing(site))
            await self._read_back(backup, written)
        except Exception as error:
            await self.ending.fail(backup, error)
            raise
        await self.ending.complete_export(backup, written.size, written.sha256)

    async def _read_back(self, backup: Backup, written: Written) -> None:
        digest = hashlib.sha256()
        async for chunk in self.archives.read(part_of(backup, EXPORT)):
            digest.update(chunk)
        if digest.digest() != written.sha256:
            raise BackupDamagedError("the export is not what was written")
