"""What is kept of a site outside of it: to bring it back, or for its owners to take along."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType, Self
from uuid import UUID

from domain.shared.caller import UserId
from domain.shared.errors import NotFoundError, RuleBrokenError

BackupId = NewType("BackupId", UUID)

LONGEST_ERROR: Final = 500


class BackupNotFoundError(NotFoundError):
    code = "backup_not_found"


class BackupStatusError(RuleBrokenError):
    """The backup's status, or its kind, does not allow this step."""

    code = "backup_status"


class BackupDamagedError(RuleBrokenError):
    """What the store has is not what was written. Nothing was changed."""

    code = "backup_damaged"


class BackupRevisionError(RuleBrokenError):
    """It was taken by a newer release than this one."""

    code = "backup_revision"


class RestoreNotConfirmedError(RuleBrokenError):
    """The site has data, which a restore would replace: its slug must be repeated."""

    code = "not_confirmed"


class BackupKind(StrEnum):
    """`archive`: what an archived site consists of; `export`: for its owners, in formats that anything reads."""

    BACKUP = "backup"
    ARCHIVE = "archive"
    EXPORT = "export"


class BackupStatus(StrEnum):
    """`running`: asked for, not yet whole; `ready`: whole, read back and compared; `expired`: its bytes are gone."""

    RUNNING = "running"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """`sha256` is of the manifest of a backup, which has those of all its parts, and of the file of an export.

    `size` is in bytes, of its own parts without the files of the site, which its backups share. `rows` and `files` are
    how many it has; `revision` is that of the schema. `job_id` is the job that takes it, where one does.
    """

    id: BackupId
    site_id: UUID
    organization_id: UUID
    kind: BackupKind
    created_at: datetime
    created_by: UserId | None
    job_id: UUID | None = None
    status: BackupStatus = BackupStatus.RUNNING
    size: int = 0
    sha256: bytes = b""
    revision: str = ""
    rows: int = 0
    files: int = 0
    file_bytes: int = 0
    verified_at: datetime | None = None
    expires_at: datetime | None = None
    error: str | None = None
    version: int = 1

    @property
    def attempt(self) -> int:
        """Which one is running, or made what is ready: each writes parts of its own."""
        return self.version if self.status is BackupStatus.RUNNING else self.version - 1

    def begin(self) -> Self:
        """Anew, whatever came of an attempt before. Raise `BackupStatusError` where it was given up."""
        if self.status is BackupStatus.EXPIRED:
            raise BackupStatusError(f"a backup that is {self.status} cannot be taken once more")
        return replace(self, status=BackupStatus.RUNNING, error=None, version=self.version + 1)

    def complete(
        self,
        *,
        size: int,
        sha256: bytes,
        at: datetime,
        revision: str = "",
        rows: int = 0,
        files: int = 0,
        file_bytes: int = 0,
    ) -> Self:
        """Once all was read back and compared: `at` is when."""
        if self.status is not BackupStatus.RUNNING:
            raise BackupStatusError(f"a backup that is {self.status} cannot become ready")
        return replace(
            self,
            status=BackupStatus.READY,
            size=size,
            sha256=sha256,
            revision=revision,
            rows=rows,
            files=files,
            file_bytes=file_bytes,
            verified_at=at,
            version=self.version + 1,
        )

    def fail(self, error: str) -> Self:
        """Unless it has ended already."""
        if self.status is not BackupStatus.RUNNING:
            return self
        return replace(self, status=BackupStatus.FAILED, error=error[:LONGEST_ERROR], version=self.version + 1)

    def expire(self) -> Self:
        """Raise `BackupStatusError` while it is being taken."""
        if self.status is BackupStatus.RUNNING:
            raise BackupStatusError("a backup that is being taken cannot be discarded")
        return replace(self, status=BackupStatus.EXPIRED, version=self.version + 1)

    def require_same(self, attempt: int) -> Self:
        """Raise `BackupStatusError` where another attempt has begun since, or it was given up."""
        if self.attempt != attempt or self.status is BackupStatus.EXPIRED:
            raise BackupStatusError("this backup was given up, or begun anew, meanwhile")
        return self

    def put_in_place(self) -> Self:
        """From now on its site consists of it: it stays for as long as that."""
        self.require_ready(BackupKind.BACKUP, BackupKind.ARCHIVE)
        return replace(self, kind=BackupKind.ARCHIVE, expires_at=None)

    def set_aside(self) -> Self:
        """An archive that no site consists of is a backup like others."""
        return replace(self, kind=BackupKind.BACKUP) if self.kind is BackupKind.ARCHIVE else self

    def require_ready(self, *kinds: BackupKind) -> None:
        """Raise `BackupStatusError` unless it is, and of one of these kinds."""
        if self.status is not BackupStatus.READY:
            raise BackupStatusError(f"this backup is {self.status}")
        if self.kind not in kinds:
            raise BackupStatusError(f"this is no {' or '.join(kinds)}, but an {self.kind}")
