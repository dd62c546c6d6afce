from collections.abc import AsyncIterator
from dataclasses import dataclass

from application.files.discard_uploads import DiscardUploads, Leftover
from application.files.ports import FileRepository, StorageLedger
from application.files.store import FileStore
from application.shared.jobs import Jobs, LeaseLostError, Once
from application.shared.ports import Clock, NewId, UnitOfWork
from domain.files.file import File, FileStatus
from domain.files.upload import NOWHERE, FileId, UploadId, UploadTerms
from domain.shared.caller import Caller
from domain.shared.errors import DomainError


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFiles:
    """The files that jobs make: where their rows are, and what counts them."""

    files: FileRepository
    ledger: StorageLedger
    jobs: Jobs
    once: Once


@dataclass(frozen=True, slots=True, kw_only=True)
class FileWriting:
    """Makes what a job has to tell a file of the caller's own, under an id that was chosen when the job was added.

    Safe to repeat: there is one file of the id, whatever run of the job made it. Where it is refused nothing
    stays: not the bytes in the store, and no row. Where it is unknown what became of the row, the sweep finds out.
    """

    caller: Caller
    store: FileStore
    written: WrittenFiles
    work: UnitOfWork
    clock: Clock
    new_id: NewId

    async def __call__(self, file_id: FileId, *, name: str, content_type: str, chunks: AsyncIterator[bytes]) -> None:
        """Raise `StorageLimitError` where the plan has no room for it, or for nothing more even now."""
        async with self.work:
            if await self.written.files.find(file_id) is not None:
                return
            await self.written.ledger.require_room(1)
        upload_id = UploadId(self.new_id())
        stored = await self.store.write(upload_id, content_type, chunks)
        terms = UploadTerms(content_type=content_type, size=stored.size, sha256=stored.sha256)
        is_new = False
        try:
            async with self.work:
                is_new = await self.written.once(f"file {file_id}")
                if is_new:
                    await self.written.files.add(self._file(file_id, upload_id, name, terms))
                    await self.written.ledger.take(terms.size)
        except (DomainError, LeaseLostError):
            await self._discard(upload_id)
            raise
        if not is_new:
            await self._discard(upload_id)

    def _file(self, file_id: FileId, upload_id: UploadId, name: str, terms: UploadTerms) -> File:
        now, owner = self.clock(), self.caller.require_user()
        return File(
            id=file_id,
            name=name,
            terms=terms,
            status=FileStatus.STORED,
            upload_id=upload_id,
            owner=owner,
            place=NOWHERE,
            created_at=now,
            updated_at=now,
            created_by=owner,
            version=1,
        )

    async def _discard(self, upload_id: UploadId) -> None:
        async with self.work:
            await self.written.jobs.add(DiscardUploads, leftovers=[Leftover(upload_id)])
