from collections.abc import Collection, Sequence
from datetime import datetime
from operator import attrgetter

from adapters.memory.database import MemoryDatabase, MemorySchema, MissingSchemaError
from adapters.memory.grants import forget_grants, may_view
from adapters.memory.paging import page_of
from application.access.grant_views import Viewer
from application.files.ports import FileReader, FileRepository, UploadRepository
from application.files.views import FileQuery, FileView
from application.shared.page import Page
from domain.files.file import FILES, File, NoSuchFileError
from domain.files.upload import FileId, UnknownPlaceError, Upload, UploadId
from domain.shared.caller import UserId
from domain.tenancy.scope import PlatformScope, Scope


class _OfSite:
    def __init__(self, database: MemoryDatabase, scope: Scope) -> None:
        self._database = database
        self._scope = scope

    @property
    def _tables(self) -> MemorySchema:
        if isinstance(self._scope, PlatformScope):
            raise MissingSchemaError("the platform has no files")
        return self._database.within(self._scope)


class MemoryFileRepository(_OfSite, FileRepository):
    async def find(self, file_id: FileId) -> File | None:
        return self._tables.files.get(file_id)

    async def add(self, file: File) -> None:
        if file.project is not None and file.project not in self._tables.projects:
            raise UnknownPlaceError("project")
        self._tables.files[file.id] = file

    async def save(self, file: File) -> None:
        self._require(file.id)
        await self.add(file)

    async def remove(self, file_id: FileId) -> None:
        self._require(file_id)
        del self._tables.files[file_id]
        forget_grants(self._tables, FILES, file_id)

    def _require(self, file_id: FileId) -> None:
        if file_id not in self._tables.files:
            raise NoSuchFileError(f"there is no file {file_id}")


class MemoryUploadRepository(_OfSite, UploadRepository):
    async def find(self, file_id: FileId) -> Upload | None:
        return self._tables.uploads.get(file_id)

    async def hold_place(self, file_id: FileId) -> None:
        """Nothing else happens during a transaction."""

    async def add(self, upload: Upload) -> None:
        project = upload.draft.project if upload.draft else None
        if project is not None and project not in self._tables.projects:
            raise UnknownPlaceError("project")
        self._tables.uploads[upload.file_id] = upload

    async def save(self, upload: Upload) -> None:
        self._tables.uploads[upload.file_id] = upload

    async def remove(self, file_id: FileId) -> None:
        self._tables.uploads.pop(file_id, None)

    async def expired(self, *, before: datetime, after: FileId | None, limit: int) -> Sequence[Upload]:
        found = [one for one in self._tables.uploads.values() if one.expires_at < before]
        found.sort(key=attrgetter("file_id"))
        return [one for one in found if after is None or one.file_id > after][:limit]

    async def known(self, upload_ids: Collection[UploadId]) -> frozenset[UploadId]:
        named = {one.upload_id for one in self._tables.files.values()}
        return frozenset(upload_ids) & (named | {one.id for one in self._tables.uploads.values()})


class MemoryFileReader(_OfSite, FileReader):
    async def page(self, query: FileQuery, viewer: Viewer) -> Page[FileView]:
        tables = self._tables
        seen = [FileView.of(one) for one in tables.files.values() if may_view(tables, FILES, one, viewer)]
        return _page([one for one in seen if query.status in (None, one.status)], query)

    async def pending(self, query: FileQuery, uploader: UserId) -> Page[FileView]:
        return _page([FileView.of_draft(one) for one in self._drafts(uploader)], query)

    async def get(self, file_id: FileId, viewer: Viewer, uploader: UserId | None) -> FileView:
        tables = self._tables
        file = tables.files.get(file_id)
        if file is not None and may_view(tables, FILES, file, viewer):
            return FileView.of(file)
        for upload in self._drafts(uploader):
            if upload.file_id == file_id:
                return FileView.of_draft(upload)
        raise FILES.not_found(file_id)

    def _drafts(self, uploader: UserId | None) -> list[Upload]:
        return [one for one in self._tables.uploads.values() if one.draft and one.created_by == uploader]


def _page(views: list[FileView], query: FileQuery) -> Page[FileView]:
    found = [one for one in views if _matches(one, query)]
    key, down = query.ordering.value.removeprefix("-"), query.ordering.value.startswith("-")
    found.sort(key=attrgetter(key, "id"), reverse=down)
    return page_of(found, query.page)


def _matches(file: FileView, query: FileQuery) -> bool:
    return (
        (query.search is None or query.search.casefold() in file.name.casefold())
        and query.name in (None, file.name)
        and query.content_type in (None, file.content_type)
        and query.project in (None, file.project)
        and query.owner in (None, file.owner)
        and (query.smallest is None or query.smallest <= file.size)
        and (query.largest is None or file.size <= query.largest)
        and (query.created.start is None or query.created.start <= file.created_at)
        and (query.created.end is None or file.created_at <= query.created.end)
    )
