from dataclasses import dataclass

from application.files.discard_uploads import DiscardUploads, Leftover
from application.files.file_standing import FileStanding
from application.files.ports import StorageLedger
from application.files.store import FileStore, UploadDiffersError
from application.files.views import FileView
from application.shared.jobs import Jobs
from application.shared.ports import Clock, UnitOfWork
from domain.files.file import FILES, File, NoSuchFileError, UploadSupersededError
from domain.files.upload import FileId, Upload


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteFile:
    """Check what was uploaded; the file is there, or has its new bytes, if they are what was announced.

    For the uploader of a pending file, who must still have a place for it, and whoever has `change` on one that is
    there. Safe to repeat, also after a
    crash: the store is asked before anything is written down, and again if that failed. Bytes that are not what was
    announced are gone, and so is their upload; a file that is there keeps those it has.
    """

    standing: FileStanding
    store: FileStore
    ledger: StorageLedger
    jobs: Jobs
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, file_id: FileId) -> FileView:
        async with self.work:
            file, upload = await self.standing.require_upload(file_id)
        if upload is None:
            return _shown(file, file_id)
        try:
            await self.store.settle(upload.id, upload.terms, upload.handle)
        except UploadDiffersError:
            await self._give_up(upload)
            raise
        try:
            async with self.work:
                completed = await self._written(upload)
        except (NoSuchFileError, UploadSupersededError):
            async with self.work:
                await self.jobs.add(DiscardUploads, leftovers=[Leftover.of(upload)])
            raise
        return FileView.of(completed)

    async def _written(self, settled: Upload) -> File:
        file, upload = await self.standing.require_upload(settled.file_id)
        if file is not None and file.upload_id == settled.id:
            return file
        if upload is None or upload.id != settled.id:
            raise UploadSupersededError("a newer upload has taken the place of this one, or it was given up")
        await self.standing.uploads.remove(settled.file_id)
        if file is None:
            completed = File.of(upload, at=self.clock())
            await self.standing.files.add(completed)
        else:
            completed = file.replaced_by(upload, at=self.clock())
            await self.standing.files.save(completed)
            await self.jobs.add(DiscardUploads, leftovers=[Leftover.of_file(file)])
            await self.ledger.take(-file.terms.size)
        return completed

    async def _give_up(self, failed: Upload) -> None:
        async with self.work:
            await self.standing.files.find(failed.file_id)
            upload = await self.standing.uploads.find(failed.file_id)
            if upload is not None and upload.id == failed.id:
                await self.standing.uploads.remove(failed.file_id)
                await self.ledger.take(-failed.terms.size)


def _shown(file: File | None, file_id: FileId) -> FileView:
    if file is None:
        raise FILES.not_found(file_id)
    return FileView.of(file)
