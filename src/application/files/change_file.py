from dataclasses import dataclass

from application.files.file_place import FilePlace
from application.files.file_standing import FileStanding
from application.shared.ports import Clock, UnitOfWork
from domain.files.file import FILES, File, FileChanges
from domain.files.upload import FileId
from domain.shared.caller import NotPermittedError
from domain.shared.changes import UNCHANGED
from domain.shared.grantable import EVERYTHING, ObjectPermission
from domain.shared.versions import require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFile:
    """Rename a file, or put it somewhere else. Its bytes stay.

    It takes `change` on the file; to move it takes all that can be done with it, for who may do what follows from
    where it lies, and `change` on the new project. With `seen`, only at one of these versions.
    """

    standing: FileStanding
    place: FilePlace
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, file_id: FileId, changes: FileChanges, seen: frozenset[int] | None) -> File:
        async with self.work:
            if changes.project is not UNCHANGED:
                await self.place.require(changes.project)
            file = await self.standing.require_file(file_id, ObjectPermission.CHANGE)
            if changes.move(file):
                await self._require_all_of(file)
            require_version(file.version, seen)
            file = file.change(changes, at=self.clock())
            await self.standing.files.save(file)
        return file

    async def _require_all_of(self, file: File) -> None:
        if await self.standing.access.look(FILES, file.id) != EVERYTHING:
            raise NotPermittedError("only who may do everything with a file moves it")
