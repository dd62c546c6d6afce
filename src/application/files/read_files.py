from dataclasses import dataclass

from application.access.object_access import ObjectAccess
from application.files.ports import FileReader
from application.files.views import FileQuery, FileView
from application.shared.page import Page
from domain.files.file import FILES, FileStatus
from domain.files.upload import FileId


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFiles:
    """The files that match and that the caller may view, one page of them: pending ones, which are the caller's own,
    where it is asked for them alone.
    """

    access: ObjectAccess
    reader: FileReader

    async def __call__(self, query: FileQuery) -> Page[FileView]:
        if query.status is FileStatus.PENDING:
            return await self.reader.pending(query, self.access.caller.require_user())
        return await self.reader.page(query, self.access.viewer(FILES), self.access.places(FILES))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowFile:
    """One file that the caller may view, or has not completed yet."""

    access: ObjectAccess
    reader: FileReader

    async def __call__(self, *, file_id: FileId) -> FileView:
        viewer, places = self.access.viewer(FILES), self.access.places(FILES)
        return await self.reader.get(file_id, viewer, places, self.access.caller.user_id)
