from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from application.shared.page import FIRST_PAGE, PageRequest
from domain.backups.backup import BackupId, BackupKind, BackupStatus


@dataclass(slots=True)
class BackupView:
    """A backup as it is shown. `size` is in bytes, without the files of the site, which its backups share."""

    id: UUID
    kind: BackupKind
    status: BackupStatus
    revision: str
    rows: int
    files: int
    file_bytes: int
    size: int
    sha256: str
    created_at: datetime
    created_by: UUID | None
    verified_at: datetime | None
    expires_at: datetime | None
    error: str | None


class BackupOrder(StrEnum):
    CREATED_AT = "created_at"
    CREATED_AT_DOWN = "-created_at"
    SIZE = "size"
    SIZE_DOWN = "-size"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupQuery:
    page: PageRequest = FIRST_PAGE
    kind: BackupKind | None = None
    status: BackupStatus | None = None
    ordering: BackupOrder = BackupOrder.CREATED_AT_DOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupResult:
    """What a job leaves that took, or brought back, a backup: which, and the slug of the site that it was done for."""

    backup: BackupId
    site: str
