from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from domain.files.names import check_name
from domain.files.upload import NOWHERE, FileId, Place, Upload, UploadId, UploadTerms
from domain.shared.caller import Permission, UserId
from domain.shared.changes import UNCHANGED, Unchanged, changed
from domain.shared.checks import Checks
from domain.shared.errors import ConflictError, NotFoundError, RuleBrokenError
from domain.shared.grantable import Grantable, Within
from domain.shared.kinds import PROJECTS, TASKS, ProjectId, TaskId


class NoSuchFileError(NotFoundError):
    code = "file_not_found"


class FilePendingError(ConflictError):
    """Its bytes have not been checked yet: there is no file so far, and so nothing of it can be changed or read."""

    code = "file_pending"


class HasFilesError(RuleBrokenError):
    """Files lie in it, and nobody said that they go with it."""

    code = "has_files"


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
    within=(Within(field="project", kind=PROJECTS), Within(field="task", kind=TASKS)),
    loose=True,
)


class FileStatus(StrEnum):
    """`pending` is shown of what its uploader has not completed; no `File` has it."""

    PENDING = "pending"
    STORED = "stored"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChanges:
    """What a partial update changes; the rest stays. To name one place takes the file out of any other, None takes
    it out of that one.
    """

    name: str | Unchanged = UNCHANGED
    project: ProjectId | Unchanged | None = UNCHANGED
    task: TaskId | Unchanged | None = UNCHANGED

    def place_of(self, file: "File") -> Place:
        """Where the file lies then."""
        named = Place(project=changed(self.project, None), task=changed(self.task, None))
        if named != NOWHERE:
            return named
        project, task = file.place.project, file.place.task
        return Place(project=project and changed(self.project, project), task=task and changed(self.task, task))


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
    place: Place
    created_at: datetime
    updated_at: datetime
    created_by: UserId | None
    version: int

    def __post_init__(self) -> None:
        checks = Checks()
        check_name(checks, self.name)
        checks.require("status", "is that of an upload", holds=self.status is not FileStatus.PENDING)
        checks.done()

    @property
    def project(self) -> ProjectId | None:
        return self.place.project

    @property
    def task(self) -> TaskId | None:
        return self.place.task

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
            place=upload.draft.place,
            created_at=upload.created_at,
            updated_at=at,
            created_by=upload.created_by,
            version=upload.version + 1,
        )

    def change(self, changes: FileChanges, *, at: datetime) -> Self:
        name, place = changed(changes.name, self.name), changes.place_of(self)
        return replace(self._touched(at), name=name, place=place)

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
