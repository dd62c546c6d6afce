from dataclasses import dataclass

from application.access.object_access import ObjectAccess
from application.files.file_place import FilePlace
from application.files.ports import FileRepository, UploadRepository
from domain.files.file import FILES, File, FilePendingError
from domain.files.upload import FileId, Place, UnknownPlaceError, Upload
from domain.shared.caller import NotPermittedError
from domain.shared.grantable import EVERYTHING, ObjectPermission


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStanding:
    """What the caller may do with a file, be it there or on its way."""

    access: ObjectAccess
    place: FilePlace
    files: FileRepository
    uploads: UploadRepository

    async def require(self, file_id: FileId, *wanted: ObjectPermission) -> tuple[File | None, Upload | None]:
        """The file, if it is there, and its open upload, both locked; one of them there is.

        Raise as `ObjectAccess.require`. What is on its way is there for its uploader alone, who may do everything.
        """
        held = (await self.access.lock_each(FILES, [file_id])).get(file_id)
        upload = await self.uploads.find(file_id)
        if held is None and upload is None:  # a draft that was completed while we waited for it has become a file
            held = (await self.access.lock_each(FILES, [file_id])).get(file_id)
        if held is None and self._is_own_draft(upload):
            return None, upload
        for permission in wanted:
            FILES.require(held or frozenset(), permission, file_id)
        return await self.files.find(file_id), upload

    async def require_upload(self, file_id: FileId) -> tuple[File | None, Upload | None]:
        """As `require`, for who completes an upload: a draft needs its place still, which is locked before it is.

        Raise `NotPermittedError` for who may no longer put a file there.
        """
        place = await self._drafted(file_id)
        try:
            if place is not None:
                await self.place.require(place)
        except UnknownPlaceError as error:
            if await self._drafted(file_id) is None:  # it went with its place
                raise FILES.not_found(file_id) from error
            raise NotPermittedError("you may no longer put a file there") from error
        file, upload = await self.require(file_id, ObjectPermission.CHANGE)
        if file is not None and upload is not None:
            file.require_open()
        return file, upload

    async def require_file(self, file_id: FileId, *wanted: ObjectPermission) -> File:
        """As `require`, for what takes a file that is there: raise `FilePendingError` if it is not yet."""
        file, _ = await self.require(file_id, *wanted)
        if file is None:
            raise FilePendingError("the file is not there before its upload is completed")
        return file

    async def require_all(self, file: File) -> None:
        """Raise `NotPermittedError` unless the caller may do everything with a file that is locked."""
        for permission in sorted(EVERYTHING):
            await self.access.require(FILES, file.id, file.owner, permission)

    async def _drafted(self, file_id: FileId) -> Place | None:
        return await self.uploads.place(file_id, self.access.caller.user_id)

    def _is_own_draft(self, upload: Upload | None) -> bool:
        return bool(upload and upload.draft and upload.created_by == self.access.caller.user_id)
