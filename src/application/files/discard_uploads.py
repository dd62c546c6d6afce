from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from application.files.ports import UploadRepository
from application.files.store import FileStore, FileStoreUnavailableError
from application.shared.jobs import NotNowError
from application.shared.ports import UnitOfWork
from domain.files.file import File
from domain.files.upload import Upload, UploadId


@dataclass(frozen=True, slots=True)
class Leftover:
    """Bytes, or parts of some, that no row names any more."""

    upload_id: UploadId
    handle: str | None = None

    @classmethod
    def of(cls, upload: Upload) -> Self:
        return cls(upload.id, upload.handle)

    @classmethod
    def of_file(cls, file: File) -> Self:
        return cls(file.upload_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscardUploads:
    """Take out of the store what no row of the site names any more. Safe to repeat.

    For the background, after the commit. What a row names by now is let be: a backup brought it back. Its transaction
    is open until the bytes are gone, and whoever brings rows back waits for that. What cannot be discarded, the sweep
    finds.
    """

    store: FileStore
    uploads: UploadRepository
    work: UnitOfWork

    async def __call__(self, *, leftovers: Sequence[Leftover]) -> None:
        try:
            async with self.work:
                known = await self.uploads.known([one.upload_id for one in leftovers])
                for one in leftovers:
                    if one.upload_id not in known:
                        await self.store.discard(one.upload_id, one.handle)
        except FileStoreUnavailableError as error:
            raise NotNowError(str(error)) from error
