"""Where backups are kept: apart from the sites' own files, so that whoever discards these does not reach them."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.backups.backup import BackupId
from domain.backups.manifest import KeptFile
from domain.files.upload import UploadId
from domain.tenancy.site import SiteId


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One object of a backup. `name` is ours: a word like `dump`."""

    site_id: SiteId
    backup_id: BackupId
    name: str


@dataclass(frozen=True, slots=True)
class Written:
    size: int
    sha256: bytes


class ArchiveStore(Protocol):
    """The parts of backups. Raises `FileStoreUnavailableError` throughout."""

    async def write(self, part: Part, chunks: AsyncIterator[bytes]) -> Written:
        """All of it or nothing, in place of what was there: what `chunks` raises leaves no trace. Safe to repeat."""
        ...

    def read(self, part: Part) -> AsyncIterator[bytes]:
        """All of it, or raise `BackupDamagedError` where it is missing or changes meanwhile."""
        ...

    async def discard(self, site_id: SiteId, backup_id: BackupId) -> None:
        """All its parts. Safe to repeat."""
        ...

    async def sign_download(self, part: Part, *, name: str, content_type: str, until: datetime) -> str:
        """A URL that anybody may read it from, as an attachment of this name, until then."""
        ...

    def stored(self, site_id: SiteId) -> AsyncIterator[BackupId]:
        """The backups of the site of which there is something, each once."""
        ...


class FileVault(Protocol):
    """The bytes of sites' files, kept once for all backups of a site: what an upload is never changes.

    Raises `FileStoreUnavailableError` throughout. Every copy is compared with its sum on the way.
    """

    def kept(self, site_id: SiteId) -> AsyncIterator[tuple[UploadId, int]]:
        """Which uploads of the site are kept, and how many bytes of each."""
        ...

    async def keep(self, site_id: SiteId, file: KeptFile) -> None:
        """Copy one from the site. Raise `BackupDamagedError` where the site has not those bytes."""
        ...

    async def put_back(self, site_id: SiteId, file: KeptFile, *, into: SiteId) -> None:
        """Copy one into a site, unless it has it. Raise `BackupDamagedError` where those bytes are not kept."""
        ...

    def original(self, site_id: SiteId, file: KeptFile) -> AsyncIterator[bytes]:
        """The bytes of the site itself. Raise `BackupDamagedError` where they are others, at the latest at the end."""
        ...

    async def discard(self, site_id: SiteId, upload_ids: Collection[UploadId]) -> None:
        """Of what is kept; the site's own stay. Safe to repeat."""
        ...
