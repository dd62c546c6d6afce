from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

from application.access.grant_views import SEES_ALL
from application.access.object_access import ObjectAccess
from application.audit.ports import HistoryReader, TrackedResource
from application.files.change_file import ChangeFile
from application.files.ports import FileReader
from domain.audit.entry import typed
from domain.files.audited import FILE_HISTORY
from domain.files.file import FILES, FileChanges, NoSuchFileError
from domain.files.upload import FileId
from domain.shared.audited import Audited


@dataclass(frozen=True, slots=True, kw_only=True)
class FileHistory(TrackedResource):
    """For whoever may view the file; of deleted ones, for whoever may view every file. It begins when the bytes are
    there: what is pending has none, and none but its uploader is told even that.
    """

    access: ObjectAccess
    reader: FileReader
    history: HistoryReader
    change_file: ChangeFile
    kind: ClassVar[Audited] = FILE_HISTORY

    async def locate(self, key: Mapping[str, Any]) -> UUID:
        file_id = FileId(key["file_id"])
        viewer, places = self.access.viewer(FILES), self.access.places(FILES)
        try:
            await self.reader.get(file_id, viewer, places, self.access.caller.user_id)
        except NoSuchFileError:
            if viewer is not SEES_ALL or not await self.history.knows(self.kind, file_id):
                raise
        return file_id

    async def change(self, key: Mapping[str, Any], values: Mapping[str, Any], seen: frozenset[int] | None) -> int:
        changes = FileChanges(**typed(values, _TYPES))
        return (await self.change_file(file_id=FileId(key["file_id"]), changes=changes, seen=seen)).version


_TYPES: Final[dict[str, Callable[[str], object]]] = {"project": UUID, "task": UUID}
