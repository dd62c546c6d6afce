from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from application.files.store import SignedUpload
from application.shared.page import ANY_TIME, FIRST_PAGE, PageRequest, Period
from domain.files.file import File, FileStatus
from domain.files.upload import Upload


@dataclass(slots=True)
class FileView:
    """A file as it is shown. `sha256` in hex; `owner` and `created_by` are user ids of the same site.

    `upload_id` are its bytes, which nobody is shown.
    """

    id: UUID
    name: str
    content_type: str
    size: int
    sha256: str
    status: FileStatus
    upload_id: UUID
    owner: UUID
    project: UUID | None
    task: UUID | None
    created_at: datetime
    updated_at: datetime
    created_by: UUID | None
    version: int

    @classmethod
    def of(cls, file: File) -> Self:
        return cls(
            id=file.id,
            name=file.name,
            content_type=file.terms.content_type,
            size=file.terms.size,
            sha256=file.terms.sha256.hex(),
            status=file.status,
            upload_id=file.upload_id,
            owner=file.owner,
            project=file.project,
            task=file.task,
            created_at=file.created_at,
            updated_at=file.updated_at,
            created_by=file.created_by,
            version=file.version,
        )

    @classmethod
    def of_draft(cls, upload: Upload) -> Self:
        """What its uploader is shown of a file that is not there yet."""
        if upload.draft is None:
            raise ValueError("the file is there: show that")
        return cls(
            id=upload.file_id,
            name=upload.draft.name,
            content_type=upload.terms.content_type,
            size=upload.terms.size,
            sha256=upload.terms.sha256.hex(),
            status=FileStatus.PENDING,
            upload_id=upload.id,
            owner=upload.created_by,
            project=upload.draft.place.project,
            task=upload.draft.place.task,
            created_at=upload.created_at,
            updated_at=upload.created_at,
            created_by=upload.created_by,
            version=upload.version,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunUpload:
    """A file, there or pending, and how to send its new bytes."""

    file: FileView
    signed: SignedUpload


class FileOrder(StrEnum):
    NAME = "name"
    NAME_DOWN = "-name"
    SIZE = "size"
    SIZE_DOWN = "-size"
    CONTENT_TYPE = "content_type"
    CONTENT_TYPE_DOWN = "-content_type"
    CREATED_AT = "created_at"
    CREATED_AT_DOWN = "-created_at"
    UPDATED_AT = "updated_at"
    UPDATED_AT_DOWN = "-updated_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileQuery:
    """Which files, in which order; None filters nothing. `search` looks in the name."""

    page: PageRequest = FIRST_PAGE
    search: str | None = None
    name: str | None = None
    status: FileStatus | None = None
    content_type: str | None = None
    project: UUID | None = None
    task: UUID | None = None
    owner: UUID | None = None
    smallest: int | None = None
    largest: int | None = None
    created: Period = ANY_TIME
    ordering: FileOrder = FileOrder.CREATED_AT_DOWN
