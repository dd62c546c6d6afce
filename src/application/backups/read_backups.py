from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from application.backups.dump_writing import EXPORT, part_of
from application.backups.ports import BackupReader, BackupRepository
from application.backups.store import ArchiveStore
from application.backups.views import BackupQuery, BackupView
from application.shared.page import Page
from application.shared.ports import Clock, UnitOfWork
from application.tenancy.site_standing import SiteStanding
from domain.backups.backup import Backup, BackupId, BackupKind, BackupNotFoundError
from domain.tenancy.membership import OrganizationRight

_DOWNLOAD: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBackups:
    """The backups, archives and exports of a site. For owners of its organization."""

    site_standing: SiteStanding
    reader: BackupReader
    work: UnitOfWork

    async def __call__(self, *, slug: str, query: BackupQuery) -> Page[BackupView]:
        async with self.work:
            site = await self.site_standing.require(slug, OrganizationRight.MANAGE_SITES)
            return await self.reader.page(site.id, query)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowBackup:
    """One of them. For owners of the organization."""

    site_standing: SiteStanding
    reader: BackupReader
    work: UnitOfWork

    async def __call__(self, *, slug: str, backup_id: BackupId) -> BackupView:
        async with self.work:
            site = await self.site_standing.require(slug, OrganizationRight.MANAGE_SITES)
            return await self.reader.get(site.id, backup_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadExport:
    """A URL, good for five minutes, that an export is read from. For owners of the organization.

    Backups stay here: they have the secrets of the site's users in them.
    """

    site_standing: SiteStanding
    backups: BackupRepository
    archives: ArchiveStore
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, slug: str, backup_id: BackupId) -> str:
        async with self.work:
            site = await self.site_standing.require(slug, OrganizationRight.MANAGE_SITES)
            backup = await self.backups.find(backup_id)
        if backup is None or backup.site_id != site.id:
            raise BackupNotFoundError(f"there is no backup {backup_id}")
        return await self._signed(backup, f"{slug}-{backup.created_at:%Y%m%d-%H%M}.zip")

    async def _signed(self, backup: Backup, name: str) -> str:
        backup.require_ready(BackupKind.EXPORT)
        until = self.clock() + _DOWNLOAD
        return await self.archives.sign_download(
            part_of(backup, EXPORT), name=name, content_type="application/zip", until=until
        )
