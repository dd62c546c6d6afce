from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, NewType, Self
from uuid import UUID

from domain.shared.caller import UserId
from domain.shared.errors import InvalidError
from domain.shared.kinds import ProjectId, TaskId

FileId = NewType("FileId", UUID)
UploadId = NewType("UploadId", UUID)
"""One upload of bytes, and so those bytes: each upload has a new one, a replacement too."""


class UnknownPlaceError(InvalidError):
    """The site has no such project or task, or none that the caller may view. `field` is which of the two."""

    def __init__(self, field: str) -> None:
        super().__init__({field: [f"is not a {field} of this site that you may view"]})


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadTerms:
    """What was announced and must arrive: `size` in bytes, `sha256` of all of them, 32 bytes."""

    content_type: str
    size: int
    sha256: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a file lies in: a project, a task, or nothing."""

    project: ProjectId | None = None
    task: TaskId | None = None

    def __post_init__(self) -> None:
        if self.project is not None and self.task is not None:
            raise InvalidError({"task": ["a file lies in a project or in a task, not in both"]})


NOWHERE: Final = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a file will be called and where it will lie, as soon as it is there."""

    name: str
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """Bytes that may be sent now, until `expires_at`, for one file; a file has one open upload at most.

    With a `draft` the file is not there yet, for nobody but who uploads it; without, they take the place of those
    it has. `handle` is the store's own. `version` counts the uploads that were begun for a draft.
    """

    id: UploadId
    file_id: FileId
    terms: UploadTerms
    handle: str | None
    expires_at: datetime
    draft: Draft | None
    created_at: datetime
    created_by: UserId
    version: int = 1

    def superseded_by(self, newer: "Upload") -> Self:
        """The newer one, for the same file as this one is for."""
        return replace(
            self,
            id=newer.id,
            terms=newer.terms,
            handle=newer.handle,
            expires_at=newer.expires_at,
            created_at=self.created_at if self.draft else newer.created_at,
            created_by=self.created_by if self.draft else newer.created_by,
            version=self.version + 1,
        )
