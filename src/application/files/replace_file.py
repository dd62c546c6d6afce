from dataclasses import dataclass

from application.files.discard_uploads import DiscardUploads, Leftover
from application.files.file_standing import FileStanding
from application.files.upload_signing import UploadSigning
from application.files.views import BegunUpload, FileView
from application.shared.ports import UnitOfWork
from domain.files.file import File
from domain.files.terms import FileRules
from domain.files.upload import FileId, Upload
from domain.shared.grantable import ObjectPermission


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceFile:
    """Announce other bytes for a file; those it has can be read until the upload is completed.

    It takes `change` on the file. A newer announcement takes the place of an older one; so a pending file whose
    requests ran out is begun anew by its uploader.
    """

    standing: FileStanding
    signing: UploadSigning
    rules: FileRules
    work: UnitOfWork

    async def __call__(self, *, file_id: FileId, content_type: str, size: int, sha256: bytes) -> BegunUpload:
        uploader = self.standing.access.caller.require_user()
        terms = self.rules.terms(content_type=content_type, size=size, sha256=sha256)
        async with self.work:
            _, older = await self._open(file_id)
        async with self.signing.signed(terms, freed=older.terms.size if older else 0) as (upload_id, signed):
            upload = Upload(
                id=upload_id,
                file_id=file_id,
                terms=terms,
                handle=signed.handle,
                expires_at=signed.expires_at,
                draft=None,
                created_at=self.signing.clock(),
                created_by=uploader,
            )
            async with self.work:
                file, older = await self._open(file_id)
                upload = await self._written(upload, older)
        return BegunUpload(file=FileView.of(file) if file else FileView.of_draft(upload), signed=signed)

    async def _open(self, file_id: FileId) -> tuple[File | None, Upload | None]:
        file, upload = await self.standing.require(file_id, ObjectPermission.CHANGE)
        if file is not None:
            file.require_open()
        return file, upload

    async def _written(self, upload: Upload, older: Upload | None) -> Upload:
        if older is None:
            await self.standing.uploads.add(upload)
            await self.signing.ledger.take(upload.terms.size)
            return upload
        newer = older.superseded_by(upload)
        await self.standing.uploads.save(newer)
        await self.signing.jobs.add(DiscardUploads, leftovers=[Leftover.of(older)])
        await self.signing.ledger.take(newer.terms.size - older.terms.size)
        return newer
