from dataclasses import dataclass

from application.files.file_standing import FileStanding
from application.shared.ports import Clock, UnitOfWork
from domain.files.file import File, FileChanges
from domain.files.upload import FileId
from domain.shared.grantable import ObjectPermission
from domain.shared.versions import require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFile:
    """Rename a file, or put it somewhere else. Its bytes stay.

    It takes `change` on the file; to move it takes all permissions, for whoever owns the new place may do everything
    with it, and a place there, as `FilePlace` says. With `seen`, only at one of these versions.
    """

    standing: FileStanding
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, file_id: FileId, changes: FileChanges, seen: frozenset[int] | None) -> File:
        async with self.work:
            file = await self.standing.require_file(file_id, ObjectPermission.CHANGE)
            place = changes.place_of(file)
            if place != file.place:
                await self.standing.require_all(file)
                await self.standing.place.require(place)
            require_version(file.version, seen)
            file = file.change(changes, at=self.clock())
            await self.standing.files.save(file)
        return file
