"""The object store, as the application needs it. Its adapters alone know keys, and no key is made of a name."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from domain.files.upload import UploadId, UploadTerms
from domain.shared.errors import ConflictError, RuleBrokenError, UnavailableError
from domain.tenancy.site import SiteId


class FileStoreUnavailableError(UnavailableError):
    """The object store does not answer, or not in time. Nothing was done, or it may be repeated."""

    code = "storage_unavailable"

    def __init__(self) -> None:
        super().__init__("the object store cannot be reached; try again", retry_after=5)


class NotUploadedError(ConflictError):
    """There are no bytes of this upload in the store, or not yet all parts of it."""

    code = "not_uploaded"


class UploadDiffersError(RuleBrokenError):
    """What was uploaded is not what was announced: another size, type or sha256. It has been thrown away."""

    code = "upload_differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """One request that the holder may send to the store itself, `method` and `headers` exactly as given."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPart:
    """The bytes from `offset`, `size` of them, go in one request."""

    offset: int
    size: int
    request: SignedRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedUpload:
    """How to send the bytes: in one request if there is one part, else in several, in any order, each repeatable.

    `handle` is the store's own name of an upload in parts, to be kept with the upload and given back; None for one
    part. `expires_at` is when the requests stop being taken.
    """

    parts: Sequence[UploadPart]
    handle: str | None
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredUpload:
    """An upload of which the store has something: bytes, or parts. `handle` where it has parts.

    `is_incoming`: bytes that lie where the uploader's requests reach, be others settled or not.
    """

    id: UploadId
    handle: str | None
    changed_at: datetime
    is_incoming: bool = False


@dataclass(frozen=True, slots=True)
class StoredBytes:
    """What was written: how many bytes, and the SHA-256 of all of them."""

    size: int
    sha256: bytes


class FileStore(Protocol):
    """The bytes of the site in whose name this runs. Raises `FileStoreUnavailableError` throughout.

    What was uploaded lies where the uploader's requests reach until it is settled, and where none reaches afterwards.
    """

    async def sign_upload(self, upload_id: UploadId, terms: UploadTerms, *, until: datetime) -> SignedUpload:
        """Requests that put bytes of this type and size, and no others, at this upload. Large ones are in parts."""
        ...

    async def settle(self, upload_id: UploadId, terms: UploadTerms, handle: str | None) -> None:
        """Take the bytes out of the uploader's reach, and check there that they are what was announced.

        Safe to repeat, also after it was interrupted. Raise `NotUploadedError`, `UploadDiffersError`.
        """
        ...

    async def sign_download(self, upload_id: UploadId, *, name: str, content_type: str, until: datetime) -> str:
        """A URL that anybody may read settled bytes from, as an attachment of this name, until then."""
        ...

    async def write(self, upload_id: UploadId, content_type: str, chunks: AsyncIterator[bytes]) -> StoredBytes:
        """Store bytes of our own making, settled at once; however many, a few megabytes at a time are held.

        They are there when this returns, and all of them. Whatever `chunks` raises is raised, and nothing stays then.
        """
        ...

    def read(self, upload_id: UploadId) -> AsyncIterator[bytes]:
        """All settled bytes, some at a time. Raise `NotUploadedError` where there are none, or others by now."""
        ...

    async def discard(self, upload_id: UploadId, handle: str | None) -> None:
        """Nothing of it stays, settled or not. Safe to repeat, and for what never was there."""
        ...

    async def discard_incoming(self, upload_id: UploadId) -> None:
        """Nothing of it stays where the uploader's requests reach; what is settled does. Safe to repeat."""
        ...

    def stored(self) -> AsyncIterator[StoredUpload]:
        """Everything of which the store has something, in any order, an upload for each thing that there is of it.

        What comes or goes meanwhile may be missing.
        """
        ...


class SiteStores(Protocol):
    """The stores of all sites, for the platform. Raises `FileStoreUnavailableError`."""

    def sites(self) -> AsyncIterator[SiteId]:
        """The sites of which the store has something."""
        ...

    async def discard_site(self, site_id: SiteId) -> None:
        """Nothing of the site stays. Safe to repeat."""
        ...
