from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from domain.files.names import check_name
from domain.files.upload import FileId, Upload, UploadId, UploadTerms
from domain.shared.caller import Permission, UserId
from domain.shared.changes import UNCHANGED, Unchanged, changed
from domain.shared.checks import Checks
from domain.shared.errors import ConflictError, NotFoundError, RuleBrokenError
from domain.shared.grantable import Grantable


class NoSuchFileError(NotFoundError):
    code = "file_not_found"


class FilePendingError(ConflictError):
    """Its bytes have not been checked yet: there is no file so far, and so nothing of it can be changed or read."""

    code = "file_pending"


class FileQuarantinedError(RuleBrokenError):
    code = "file_quarantined"


class UploadSupersededError(ConflictError):
    """A newer upload has taken the place of this one, or it was given up."""

    code = "upload_superseded"


FILES: Final = Grantable(
    resource="files",
    noun="file",
    view=Permission.FILES_VIEW,
    change=Permission.FILES_CHANGE,
    delete=Permission.FILES_DELETE,
    share=Permission.FILES_SHARE,
    absent=NoSuchFileError,
)


class FileStatus(StrEnum):
    """`pending` is shown of what its uploader has not completed; no `File` has it."""

    PENDING = "pending"
    STORED = "stored"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChanges:
    """What a partial update changes; the rest stays. None takes the file out of its project."""

    name: str | Unchanged = UNCHANGED
    project: UUID | Unchanged | None = UNCHANGED

    def move(self, file: "File") -> bool:
        return changed(self.project, file.project) != file.project


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """Bytes in the store that were checked, and what people call them; `upload_id` says which bytes.

    It begins when they have been: what is only announced is an `Upload`.
    """

    id: FileId
    name: str
    terms: UploadTerms
    status: FileStatus
    upload_id: UploadId
    owner: UserId
    project: UUID | None
    created_at: datetime
    updated_at: datetime
    created_by: UserId | None
    version: int

    def __post_init__(self) -> None:
        checks = Checks()
        check_name(checks, self.name)
        checks.require("status", "is that of an upload", holds=self.status is not FileStatus.PENDING)
        checks.done()

    @classmethod
    def of(cls, upload: Upload, *, at: datetime) -> Self:
        """The file that a settled upload was a draft of."""
        if upload.draft is None:
            raise NoSuchFileError(f"there is no file {upload.file_id}")
        return cls(
            id=upload.file_id,
            name=upload.draft.name,
            terms=upload.terms,
            status=FileStatus.STORED,
            upload_id=upload.id,
            owner=upload.created_by,
            project=upload.draft.project,
            created_at=upload.created_at,
            updated_at=at,
            created_by=upload.created_by,
            version=upload.version + 1,
        )

    def change(self, changes: FileChanges, *, at: datetime) -> Self:
        name, project = changed(changes.name, self.name), changed(changes.project, self.project)
        return replace(self._touched(at), name=name, project=project)

    def replaced_by(self, upload: Upload, *, at: datetime) -> Self:
        """With the bytes of a settled upload. Raise `FileQuarantinedError`: what is looked into stays as it is."""
        self.require_open()
        return replace(self._touched(at), terms=upload.terms, upload_id=upload.id)

    def quarantine(self, *, at: datetime) -> Self:
        return replace(self._touched(at), status=FileStatus.QUARANTINED)

    def release(self, *, at: datetime) -> Self:
        return replace(self._touched(at), status=FileStatus.STORED)

    def require_open(self) -> None:
        """Raise `FileQuarantinedError` if its bytes may neither be read nor replaced."""
        if self.status is FileStatus.QUARANTINED:
            raise FileQuarantinedError("the file is in quarantine")

    def _touched(self, at: datetime) -> Self:
        return replace(self, updated_at=at, version=self.version + 1)
