from dataclasses import dataclass

from application.files.file_place import FilePlace
from application.files.ports import UploadRepository
from application.files.upload_signing import UploadSigning
from application.files.views import BegunUpload, FileView
from application.shared.ports import UnitOfWork
from domain.files.names import check_name
from domain.files.terms import FileRules
from domain.files.upload import Draft, FileId, Place, Upload, UploadTerms
from domain.shared.checks import Checks


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginFile:
    """Announce a file: the bytes that will be sent, their type, size and sha256, and what it will be called.

    It is pending, and there for its uploader alone, until they complete it; the plan of the organization must
    have room for it now. Who may put it where it is to lie, `FilePlace` says.
    """

    place: FilePlace
    uploads: UploadRepository
    signing: UploadSigning
    rules: FileRules
    work: UnitOfWork

    async def __call__(self, *, name: str, content_type: str, size: int, sha256: bytes, place: Place) -> BegunUpload:
        uploader = self.place.access.caller.require_user()
        terms = self._checked(name, content_type, size, sha256)
        async with self.work:
            await self.place.require(place)
        async with self.signing.signed(terms) as (upload_id, signed):
            upload = Upload(
                id=upload_id,
                file_id=FileId(self.signing.new_id()),
                terms=terms,
                handle=signed.handle,
                expires_at=signed.expires_at,
                draft=Draft(name=name, place=place),
                created_at=self.signing.clock(),
                created_by=uploader,
            )
            async with self.work:
                await self.place.require(place)
                await self.uploads.add(upload)
                await self.signing.ledger.take(terms.size)
        return BegunUpload(file=FileView.of_draft(upload), signed=signed)

    def _checked(self, name: str, content_type: str, size: int, sha256: bytes) -> UploadTerms:
        """Everything that is wrong is told at once."""
        checks = Checks()
        check_name(checks, name)
        with checks.part():
            terms = self.rules.terms(content_type=content_type, size=size, sha256=sha256)
        checks.done()
        return terms
