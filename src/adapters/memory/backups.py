from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from adapters.memory.database import MemoryDatabase
from adapters.memory.paging import page_of
from application.backups.ports import BackupReader, BackupRepository, SitesToBackUp
from application.backups.views import BackupQuery, BackupView
from application.shared.page import Page
from domain.backups.backup import Backup, BackupId, BackupKind, BackupNotFoundError, BackupStatus
from domain.jobs.job import ENDED, JobId
from domain.tenancy.site import SiteId, SiteStatus


class MemoryBackupRepository(BackupRepository):
    """Transactions are one at a time here: holding is for nothing."""

    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def hold(self, site_id: SiteId) -> None: ...

    async def get(self, backup_id: BackupId) -> Backup:
        if (found := self._database.backups.get(backup_id)) is None:
            raise BackupNotFoundError(f"there is no backup {backup_id}")
        return found

    async def find(self, backup_id: BackupId) -> Backup | None:
        return self._database.backups.get(backup_id)

    async def add(self, backup: Backup) -> None:
        self._database.backups[backup.id] = backup

    async def save(self, backup: Backup) -> None:
        self._database.backups[backup.id] = backup

    async def of_site(self, site_id: SiteId) -> Sequence[Backup]:
        return sorted(_living(self._database, site_id), key=attrgetter("created_at", "id"), reverse=True)

    async def left_running(self, limit: int) -> Sequence[Backup]:
        running = (one for one in self._database.backups.values() if one.status is BackupStatus.RUNNING)
        return [one for one in running if one.job_id and not self._is_alive(JobId(one.job_id))][:limit]

    def _is_alive(self, job_id: JobId) -> bool:
        stored = self._database.jobs.get(job_id)
        return stored is not None and stored.job.status not in ENDED

    async def sites(self) -> Sequence[SiteId]:
        return sorted({SiteId(one.site_id) for one in self._database.backups.values() if _is_living(one)})


class MemorySitesToBackUp(SitesToBackUp):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def due(self, *, before: datetime, limit: int) -> Sequence[SiteId]:
        backups = self._database.backups.values()
        begun = {one.site_id for one in backups if one.kind is BackupKind.BACKUP and one.created_at >= before}
        active = (site.id for site in self._database.sites.values() if site.status is SiteStatus.ACTIVE)
        return sorted(site_id for site_id in active if site_id not in begun)[:limit]


class MemoryBackupReader(BackupReader):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def page(self, site_id: UUID, query: BackupQuery) -> Page[BackupView]:
        found = [
            one
            for one in _living(self._database, site_id)
            if query.kind in (None, one.kind) and query.status in (None, one.status)
        ]
        key, down = query.ordering.value.removeprefix("-"), query.ordering.value.startswith("-")
        found.sort(key=attrgetter(key, "id"), reverse=down)
        return page_of([_to_view(one) for one in found], query.page)

    async def get(self, site_id: UUID, backup_id: BackupId) -> BackupView:
        for one in _living(self._database, site_id):
            if one.id == backup_id:
                return _to_view(one)
        raise BackupNotFoundError(f"there is no backup {backup_id}")


def _is_living(backup: Backup) -> bool:
    return backup.status is not BackupStatus.EXPIRED


def _living(database: MemoryDatabase, site_id: UUID) -> list[Backup]:
    return [one for one in database.backups.values() if one.site_id == site_id and _is_living(one)]


def _to_view(backup: Backup) -> BackupView:
    return BackupView(
        id=backup.id,
        kind=backup.kind,
        status=backup.status,
        revision=backup.revision,
        rows=backup.rows,
        files=backup.files,
        file_bytes=backup.file_bytes,
        size=backup.size,
        sha256=backup.sha256.hex(),
        created_at=backup.created_at,
        created_by=backup.created_by,
        verified_at=backup.verified_at,
        expires_at=backup.expires_at,
        error=backup.error,
    )
