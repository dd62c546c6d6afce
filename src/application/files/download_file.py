from dataclasses import dataclass

from application.files.ports import FileLifetimes
from application.files.read_files import ShowFile
from application.files.store import FileStore
from application.shared.ports import Clock
from domain.files.file import FilePendingError, FileQuarantinedError, FileStatus
from domain.files.upload import FileId, UploadId


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadFile:
    """A URL from which anybody reads the bytes of a file, for a short time: who may view the file gets one."""

    show_file: ShowFile
    store: FileStore
    lifetimes: FileLifetimes
    clock: Clock

    async def __call__(self, *, file_id: FileId) -> str:
        file = await self.show_file(file_id=file_id)
        if file.status is FileStatus.PENDING:
            raise FilePendingError("the file is not there before its upload is completed")
        if file.status is FileStatus.QUARANTINED:
            raise FileQuarantinedError("the file is in quarantine")
        until = self.clock() + self.lifetimes.download
        bytes_of = UploadId(file.upload_id)
        return await self.store.sign_download(bytes_of, name=file.name, content_type=file.content_type, until=until)
