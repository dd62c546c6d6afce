from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from application.backups.asking import BackupPolicy
from application.backups.file_collecting import FileCollecting
from application.backups.ports import BackupRepository
from application.backups.schema_ports import SchemaBuilding
from application.backups.site_closing import SiteClosing
from application.backups.store import ArchiveStore
from application.shared.jobs import Progress
from domain.backups.backup import Backup, BackupId, BackupKind, BackupStatus
from domain.tenancy.site import SiteId, SiteNotFoundError, SiteStatus

ABANDONED: Final = timedelta(days=2)
"""After so long a backup that no job takes will never end (what a job does not end, `SettleBackups` does), and what was
built to be restored is not waited for."""
_FAILURES_KEPT: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpiredBackups:
    """How many were given up, files that no backup needs any more, and schemas that restores left which failed."""

    backups: int = 0
    files: int = 0
    schemas: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireBackups:
    """Give up what has been kept long enough. For the platform itself. Safe to repeat.

    The newest ones of a site stay whatever their age, and the newest archive for as long as the site is archived.
    Of a deleted site nothing stays longer than its time. What a restore had built that then failed for good goes, too.
    """

    backups: BackupRepository
    archives: ArchiveStore
    collecting: FileCollecting
    building: SchemaBuilding
    closing: SiteClosing
    policy: BackupPolicy
    progress: Progress

    async def __call__(self) -> ExpiredBackups:
        sites = await self.backups.sites()
        number = files = 0
        for done, site_id in enumerate(sites):
            self.progress(done, len(sites), "looking at sites")
            number += await self._expired(site_id)
            files += await self.collecting(site_id)
        schemas = await self.building.discard_built_before(self.closing.clock() - ABANDONED)
        return ExpiredBackups(backups=number, files=files, schemas=schemas)

    async def _expired(self, site_id: SiteId) -> int:
        there, now = await self.backups.of_site(site_id), self.closing.clock()
        try:
            status = (await self.closing.find(site_id)).status
        except SiteNotFoundError:
            status = SiteStatus.DELETED
        over = over_age(there, status, self.policy, now)
        for one in over:
            await self._give_up(one)
        living = {one.id for one in there} - {one.id for one in over}
        for backup_id in [backup_id async for backup_id in self.archives.stored(site_id)]:
            if backup_id not in living:
                await self._discard_left(site_id, backup_id)
        return len(over)

    async def _give_up(self, backup: Backup) -> None:
        async with self.closing.work:
            now = await self.backups.get(backup.id)
            if now.version == backup.version:
                await self.backups.save(now.fail("it never ended").expire())

    async def _discard_left(self, site_id: SiteId, backup_id: BackupId) -> None:
        """Only of what this platform gave up: what it never had is not its own."""
        async with self.closing.work:
            found = await self.backups.find(backup_id)
        if found is not None and found.status is BackupStatus.EXPIRED:
            await self.archives.discard(site_id, backup_id)


def over_age(there: Sequence[Backup], status: SiteStatus, policy: BackupPolicy, now: datetime) -> list[Backup]:
    """Of a site's backups, newest first, those that are to go."""
    ready = [one for one in there if one.status is BackupStatus.READY]
    archives = [one.id for one in ready if one.kind is BackupKind.ARCHIVE]
    newest = [one.id for one in ready if one.kind is BackupKind.BACKUP][: policy.newest]
    kept = {
        *(archives[:1] if status is SiteStatus.ARCHIVED else ()),
        *(newest if status is not SiteStatus.DELETED else ()),
    }
    return [one for one in there if one.id not in kept and _is_over(one, policy, now)]


def _is_over(backup: Backup, policy: BackupPolicy, now: datetime) -> bool:
    match backup.status:
        case BackupStatus.RUNNING:
            return now - backup.created_at > (policy.keep if backup.job_id else ABANDONED)
        case BackupStatus.FAILED:
            return now - backup.created_at > _FAILURES_KEPT
        case _:
            return now > (backup.expires_at or backup.created_at + policy.keep)
