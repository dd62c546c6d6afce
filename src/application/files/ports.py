from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from application.access.grant_views import Viewer
from application.files.views import FileQuery, FileView
from application.shared.page import Page
from domain.files.file import File
from domain.files.upload import FileId, Place, Upload, UploadId
from domain.shared.caller import UserId
from domain.shared.errors import RuleBrokenError
from domain.tenancy.organization import OrganizationId
from domain.tenancy.site import SiteId


class StorageLimitError(RuleBrokenError):
    """The plan of the site's organization has no room for so many bytes more, over all its sites."""

    code = "storage_limit"

    def __init__(self) -> None:
        super().__init__("the organization has no room for so many bytes more")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLifetimes:
    """How long a signed request is taken: for an upload, and for a download."""

    upload: timedelta
    download: timedelta


Places: TypeAlias = frozenset[str]


class FileRepository(Protocol):
    """The files of the site in whose name this runs. To lock something of a file, lock the file first."""

    async def find(self, file_id: FileId) -> File | None:
        """Lock it until the transaction ends, if there is one."""
        ...

    async def add(self, file: File) -> None:
        """Raise `UnknownPlaceError` if what it is to lie in is not of the site."""
        ...

    async def save(self, file: File) -> None:
        """Raise `UnknownPlaceError` as `add`, `NoSuchFileError` if it has gone."""
        ...

    async def remove(self, file_id: FileId) -> None:
        """With the grants on it. Raise `NoSuchFileError` if there is none."""
        ...

    async def find_in(self, place: Place) -> Sequence[File]:
        """All that lie in it, in a project's tasks too, locked in the order of their ids."""
        ...


class UploadRepository(Protocol):
    """The open uploads of the site, one for a file at most."""

    async def find(self, file_id: FileId) -> Upload | None:
        """Lock it until the transaction ends, if there is one."""
        ...

    async def place(self, file_id: FileId, uploader: UserId | None) -> Place | None:
        """What this user's draft of the file is to lie in, for good; None if they have none. Nothing is locked."""
        ...

    async def add(self, upload: Upload) -> None:
        """Raise `UnknownPlaceError` if what its draft is to lie in is not of the site."""
        ...

    async def save(self, upload: Upload) -> None:
        """In the place of the one that the file had."""
        ...

    async def remove(self, file_id: FileId) -> None:
        """Safe to repeat."""
        ...

    async def remove_in(self, place: Place, file_ids: Collection[FileId]) -> Sequence[Upload]:
        """Those of the drafts that are to lie in it, in a project's tasks too, and those of these files."""
        ...

    async def expired(self, *, before: datetime, after: FileId | None, limit: int) -> Sequence[Upload]:
        """Some whose requests ran out before then, by the ids of their files from `after` on; nothing is locked."""
        ...

    async def known(self, upload_ids: Collection[UploadId]) -> frozenset[UploadId]:
        """Those of them that a file or an open upload of the site names."""
        ...

    async def settled(self, upload_ids: Collection[UploadId]) -> frozenset[UploadId]:
        """Those of them that a file of the site names: they are open no more, and never again."""
        ...


class FileReader(Protocol):
    """The files of the site, as they are shown to one who sees all or to one user; `places` are the fields that name
    what they lie in where the user sees all of that, and so what lies in it.
    """

    async def page(self, query: FileQuery, viewer: Viewer, places: Places) -> Page[FileView]:
        """Of those that are there: none of them is pending."""
        ...

    async def pending(self, query: FileQuery, uploader: UserId) -> Page[FileView]:
        """Of those that this user began and did not complete; `query.status` means nothing."""
        ...

    async def get(self, file_id: FileId, viewer: Viewer, places: Places, uploader: UserId | None) -> FileView:
        """Of both, in one look. Raise `NoSuchFileError` if there is no such file for the viewer."""
        ...


class StorageLedger(Protocol):
    """How many bytes count for the site and, over all its sites, for its organization: of files and open uploads.

    Changed in the transaction that writes them, and last in it: the organization's other sites wait for its end.
    """

    async def require_room(self, size: int) -> None:
        """Raise `StorageLimitError` if there is none as of now. Nothing is taken."""
        ...

    async def take(self, size: int) -> None:
        """Raise `StorageLimitError` unless the plan has room for it; of nothing, or less, there always is."""
        ...

    async def recount(self) -> int:
        """Make it what the rows say, and tell by how many bytes it was too much. First in its transaction."""
        ...


class FleetStorage(Protocol):
    """What is kept of sites beside their schemas, for the platform."""

    async def miscounted(self) -> Sequence[OrganizationId]:
        """The organizations whose count is not the sum of their living sites'."""
        ...

    async def recount(self, organization_id: OrganizationId) -> None:
        """Make it that sum."""
        ...

    async def alive(self, site_ids: Collection[SiteId]) -> Mapping[SiteId, bool]:
        """Of those that are sites of this platform, or were, whether they still are."""
        ...
