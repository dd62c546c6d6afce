from dataclasses import dataclass

from application.access.object_access import ObjectAccess
from application.files.ports import FileRepository, UploadRepository
from domain.files.file import FILES, File, FilePendingError
from domain.files.upload import FileId, Upload
from domain.shared.grantable import ObjectPermission


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStanding:
    """What the caller may do with a file, be it there or on its way."""

    access: ObjectAccess
    files: FileRepository
    uploads: UploadRepository

    async def require(self, file_id: FileId, wanted: ObjectPermission) -> tuple[File | None, Upload | None]:
        """The file, if it is there, and its open upload, both locked; one of them there is.

        Raise as `ObjectAccess.require`. What is on its way is there for its uploader alone, who may do everything.
        """
        file, upload = await self._locked(file_id)
        if file is not None:
            await self.access.require(FILES, file_id, file.owner, wanted)
        elif upload is None or upload.draft is None or upload.created_by != self.access.caller.user_id:
            raise FILES.not_found(file_id)
        return file, upload

    async def require_file(self, file_id: FileId, wanted: ObjectPermission) -> File:
        """As `require`, for what takes a file that is there: raise `FilePendingError` if it is not yet."""
        file, _ = await self.require(file_id, wanted)
        if file is None:
            raise FilePendingError("the file is not there before its upload is completed")
        return file

    async def _locked(self, file_id: FileId) -> tuple[File | None, Upload | None]:
        """A draft that was completed while we waited for it has become a file."""
        file, upload = await self.files.find(file_id), await self.uploads.find(file_id)
        if file is None and upload is None:
            file = await self.files.find(file_id)
        return file, upload
