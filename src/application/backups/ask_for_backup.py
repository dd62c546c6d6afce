from dataclasses import dataclass
from typing import Final

from application.backups.archive_site import ArchiveSite
from application.backups.asking import Asked, BackupOpening
from application.backups.back_up_site import BackUpSite, require_schema
from application.backups.export_site import ExportSite
from application.shared.jobs import Jobs
from application.shared.ports import UnitOfWork
from application.tenancy.site_standing import SiteStanding
from domain.backups.backup import BackupKind
from domain.tenancy.membership import OrganizationRight

_TAKEN_BY: Final = {
    BackupKind.BACKUP: BackUpSite,
    BackupKind.ARCHIVE: ArchiveSite,
    BackupKind.EXPORT: ExportSite,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForBackup:
    """Have a site backed up, put away or exported. For owners of its organization, active or suspended sites alone.

    With `queued` a job does it; without, whoever asks, at once, by the use case of that kind.
    """

    site_standing: SiteStanding
    opening: BackupOpening
    jobs: Jobs
    work: UnitOfWork

    async def __call__(self, *, slug: str, kind: BackupKind, queued: bool = True) -> Asked:
        async with self.work:
            site = require_schema(await self.site_standing.require(slug, OrganizationRight.MANAGE_SITES))
            backup = await self.opening(site, kind, self.site_standing.standing.caller.user_id)
            job_id = None
            if queued:
                job_id = await self.jobs.add(_TAKEN_BY[kind], backup_id=backup.id)
                await self.opening.give_to(job_id, backup)
        return Asked(backup_id=backup.id, site_id=site.id, job_id=job_id)
