"""How files look on the wire, coming in; `file_answers` has how they go out."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from application.files.views import FileOrder, FileQuery
from application.shared.page import Period
from domain.files.file import FileChanges, FileStatus
from domain.files.names import LONGEST_NAME
from domain.files.upload import Place
from domain.shared.changes import UNCHANGED, Unchanged
from domain.shared.kinds import ProjectId, TaskId
from entrypoints.http.lists import PageQuery
from entrypoints.http.wire import NO_NUL, in_utc

Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, examples=["Floor plan.pdf"])]
ContentType = Annotated[
    str, Meta(max_length=255, examples=["application/pdf"], description="A media type without parameters.")
]
Size = Annotated[int, Meta(ge=0, le=(1 << 53) - 1, examples=[11], description="In bytes.")]
Sha256 = Annotated[
    str,
    Meta(
        pattern=r"^[0-9a-fA-F]{64}$",
        description="Of all the bytes, in hex.",
        examples=["b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"],
    ),
]
Search = Annotated[str, Meta(max_length=200, pattern=NO_NUL, description="In the name.")]
Exact = Annotated[str, Meta(max_length=LONGEST_NAME, pattern=NO_NUL)]
Time = Annotated[datetime, Meta(tz=True)]


class AnnounceBytesRequest(Struct, forbid_unknown_fields=True):
    """What will be uploaded: anything else is refused."""

    content_type: ContentType
    size: Size
    sha256: Sha256

    @property
    def digest(self) -> bytes:
        return bytes.fromhex(self.sha256)


class BeginFileRequest(Struct, forbid_unknown_fields=True):
    """A file that will be uploaded. It will lie in `project` or in `task`, if in any."""

    name: Name
    content_type: ContentType
    size: Size
    sha256: Sha256
    project: UUID | None = None
    task: UUID | None = None

    @property
    def place(self) -> Place:
        return Place(
            project=ProjectId(self.project) if self.project else None, task=TaskId(self.task) if self.task else None
        )

    @property
    def digest(self) -> bytes:
        return bytes.fromhex(self.sha256)


class ChangeFileRequest(Struct, forbid_unknown_fields=True):
    """What is left out stays as it is. To name a project or a task moves the file there; null takes it out of that."""

    name: Name | UnsetType = UNSET
    project: UUID | UnsetType | None = UNSET
    task: UUID | UnsetType | None = UNSET

    def changes(self) -> FileChanges:
        return FileChanges(
            name=UNCHANGED if self.name is UNSET else self.name,
            project=ProjectId(self.project) if self.project else _kept(self.project),
            task=TaskId(self.task) if self.task else _kept(self.task),
        )


def _kept(place: UUID | UnsetType | None) -> Unchanged | None:
    """What a place becomes where none is named."""
    return UNCHANGED if place is UNSET else None


class FileListQuery(PageQuery, frozen=True):
    search: Search | None = None
    name: Exact | None = None
    status: FileStatus | None = None
    content_type: Exact | None = None
    project: UUID | None = None
    task: UUID | None = None
    owner: UUID | None = None
    size__gte: Size | None = None
    size__lte: Size | None = None
    created_at__gte: Time | None = None
    created_at__lte: Time | None = None
    ordering: FileOrder = FileOrder.CREATED_AT_DOWN

    def as_query(self) -> FileQuery:
        return FileQuery(
            page=self.slice,
            search=self.search or None,
            name=self.name,
            status=self.status,
            content_type=self.content_type and self.content_type.lower(),
            project=self.project,
            task=self.task,
            owner=self.owner,
            smallest=self.size__gte,
            largest=self.size__lte,
            created=Period(
                start=in_utc("created_at__gte", self.created_at__gte),
                end=in_utc("created_at__lte", self.created_at__lte),
            ),
            ordering=self.ordering,
        )
