from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from application.backups.views import BackupQuery, BackupView
from application.shared.page import Page
from domain.backups.backup import Backup, BackupId
from domain.backups.manifest import Manifest
from domain.tenancy.site import SiteId


class BackupRepository(Protocol):
    """The backups of all sites, for the platform."""

    async def hold(self, site_id: SiteId) -> None:
        """Until the transaction ends, nobody else begins a backup of this site, or discards what its backups keep."""
        ...

    async def get(self, backup_id: BackupId) -> Backup:
        """Lock it until the transaction ends. Raise `BackupNotFoundError`."""
        ...

    async def find(self, backup_id: BackupId) -> Backup | None:
        """As `get`."""
        ...

    async def add(self, backup: Backup) -> None: ...

    async def save(self, backup: Backup) -> None: ...

    async def of_site(self, site_id: SiteId) -> Sequence[Backup]:
        """Those that are not expired, newest first. Nothing is locked."""
        ...

    async def left_running(self, limit: int) -> Sequence[Backup]:
        """Some under way whose job has ended, or is gone, locked; those that somebody else has locked are left out."""
        ...

    async def sites(self) -> Sequence[SiteId]:
        """Which sites have one that is not expired, deleted ones too. Nothing is locked."""
        ...


class BackupReader(Protocol):
    """The backups of one site that are not expired."""

    async def page(self, site_id: UUID, query: BackupQuery) -> Page[BackupView]: ...

    async def get(self, site_id: UUID, backup_id: BackupId) -> BackupView:
        """Raise `BackupNotFoundError` if the site has none."""
        ...


class SitesToBackUp(Protocol):
    async def due(self, *, before: datetime, limit: int) -> Sequence[SiteId]:
        """Some active sites of which no backup was begun since then."""
        ...


class ManifestCodec(Protocol):
    def write(self, manifest: Manifest) -> bytes: ...

    def read(self, stored: bytes) -> Manifest:
        """Raise `BackupDamagedError` where it is none, or one of a format that this release does not read."""
        ...
