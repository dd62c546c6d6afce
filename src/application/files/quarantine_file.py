from dataclasses import dataclass

from application.files.file_standing import FileStanding
from application.shared.ports import Clock, UnitOfWork
from domain.files.file import FILES, File, FileStatus
from domain.files.upload import FileId
from domain.shared.caller import NotPermittedError
from domain.shared.grantable import EVERYTHING, ObjectPermission


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineFile:
    """Keep the bytes of a file from everybody, or let them go again: they are neither read nor replaced meanwhile.

    For those who may do everything with every file. A download that was signed before ends in its own time.
    Safe to repeat.
    """

    standing: FileStanding
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, file_id: FileId, release: bool) -> File:
        if FILES.everywhere(self.standing.access.caller) != EVERYTHING:
            raise NotPermittedError("only who may do everything with every file may do this")
        async with self.work:
            file = await self.standing.require_file(file_id, ObjectPermission.CHANGE)
            wanted = FileStatus.STORED if release else FileStatus.QUARANTINED
            if file.status is wanted:
                return file
            file = file.release(at=self.clock()) if release else file.quarantine(at=self.clock())
            await self.standing.files.save(file)
        return file
