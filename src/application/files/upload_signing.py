from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from application.files.discard_uploads import DiscardUploads, Leftover
from application.files.ports import FileLifetimes, StorageLedger
from application.files.store import FileStore, SignedUpload
from application.shared.jobs import Jobs
from application.shared.ports import Clock, NewId, UnitOfWork
from domain.files.upload import UploadId, UploadTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadSigning:
    """Gets the requests that an upload takes, before it is written down: the store may be slow, or away."""

    store: FileStore
    ledger: StorageLedger
    lifetimes: FileLifetimes
    jobs: Jobs
    work: UnitOfWork
    clock: Clock
    new_id: NewId

    @asynccontextmanager
    async def signed(self, terms: UploadTerms, *, freed: int = 0) -> AsyncIterator[tuple[UploadId, SignedUpload]]:
        """What is written down in the block, which frees some bytes; if that fails, the store forgets the upload.

        Raise `StorageLimitError` before the store is asked, if there is no room even now.
        """
        await self.ledger.require_room(terms.size - freed)
        upload_id = UploadId(self.new_id())
        signed = await self.store.sign_upload(upload_id, terms, until=self.clock() + self.lifetimes.upload)
        try:
            yield upload_id, signed
        except BaseException:
            if signed.handle is not None:
                async with self.work:
                    await self.jobs.add(DiscardUploads, leftovers=[Leftover(upload_id, signed.handle)])
            raise
