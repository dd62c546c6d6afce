"""How files look on the wire, going out."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import asdict

from application.files.store import SignedUpload
from application.files.views import BegunUpload, FileView
from domain.files.file import FileStatus
from entrypoints.http.context import RequestContext


class FileResponse(Struct):
    """A file. `download_url` answers with a redirect to its bytes; null while they cannot be read."""

    id: UUID
    name: str
    content_type: str
    size: int
    sha256: str
    status: FileStatus
    owner: UUID
    project: UUID | None
    task: UUID | None
    download_url: str | None
    created_at: datetime
    updated_at: datetime
    created_by: UUID | None
    version: int

    @classmethod
    def of(cls, file: FileView, context: RequestContext) -> Self:
        stored = file.status is FileStatus.STORED
        return cls(
            id=file.id,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
            status=file.status,
            owner=file.owner,
            project=file.project,
            task=file.task,
            download_url=f"{context.origin}/api/files/{file.id}/download/" if stored else None,
            created_at=file.created_at,
            updated_at=file.updated_at,
            created_by=file.created_by,
            version=file.version,
        )


class PartResponse(Struct):
    """The `size` bytes from `offset` go in one request of their own, which may be repeated."""

    offset: int
    size: int
    method: str
    url: str
    headers: Mapping[str, str]


class UploadResponse(Struct, omit_defaults=True):
    """How to send the bytes, until `expires_at`: `method` and `headers` exactly as they stand here.

    All in one request, or a large file in its `parts`, in any order; the first three fields are not there then.
    """

    expires_at: datetime
    method: str | UnsetType = UNSET
    url: str | UnsetType = UNSET
    headers: Mapping[str, str] | UnsetType = UNSET
    parts: list[PartResponse] | UnsetType = UNSET

    @classmethod
    def of(cls, signed: SignedUpload) -> Self:
        if len(signed.parts) == 1:
            whole = signed.parts[0].request
            return cls(signed.expires_at, whole.method, whole.url, whole.headers)
        parts = [
            PartResponse(part.offset, part.size, part.request.method, part.request.url, part.request.headers)
            for part in signed.parts
        ]
        return cls(signed.expires_at, parts=parts)


class BegunFileResponse(FileResponse):
    """A file, there or pending, and how to send its new bytes."""

    upload: UploadResponse

    @classmethod
    def begun(cls, begun: BegunUpload, context: RequestContext) -> Self:
        return cls(**asdict(FileResponse.of(begun.file, context)), upload=UploadResponse.of(begun.signed))


class DownloadResponse(Struct):
    """Where the bytes are, for whoever does not follow the redirect."""

    url: str
