from collections.abc import Collection, Sequence
from datetime import datetime
from operator import attrgetter

from adapters.memory.database import MemorySchema
from adapters.memory.grants import forget_grants, may_view
from adapters.memory.paging import page_of
from adapters.memory.scoped import OfSite
from application.access.grant_views import Viewer
from application.files.ports import FileReader, FileRepository, Places, UploadRepository
from application.files.views import FileQuery, FileView
from application.shared.page import Page
from domain.files.file import FILES, File, NoSuchFileError
from domain.files.upload import FileId, Place, UnknownPlaceError, Upload, UploadId
from domain.shared.caller import UserId


class MemoryFileRepository(OfSite, FileRepository):
    async def find(self, file_id: FileId) -> File | None:
        return self._tables.files.get(file_id)

    async def add(self, file: File) -> None:
        _require_place(self._tables, file.place)
        self._tables.files[file.id] = file

    async def save(self, file: File) -> None:
        self._require(file.id)
        await self.add(file)

    async def remove(self, file_id: FileId) -> None:
        self._require(file_id)
        del self._tables.files[file_id]
        forget_grants(self._tables, FILES, file_id)

    async def find_in(self, place: Place) -> Sequence[File]:
        found = [one for one in self._tables.files.values() if _is_in(self._tables, one.place, place)]
        return sorted(found, key=attrgetter("id"))

    def _require(self, file_id: FileId) -> None:
        if file_id not in self._tables.files:
            raise NoSuchFileError(f"there is no file {file_id}")


class MemoryUploadRepository(OfSite, UploadRepository):
    async def find(self, file_id: FileId) -> Upload | None:
        return self._tables.uploads.get(file_id)

    async def place(self, file_id: FileId, uploader: UserId | None) -> Place | None:
        upload = self._tables.uploads.get(file_id)
        return upload.draft.place if upload and upload.draft and upload.created_by == uploader else None

    async def add(self, upload: Upload) -> None:
        if upload.draft:
            _require_place(self._tables, upload.draft.place)
        self._tables.uploads[upload.file_id] = upload

    async def save(self, upload: Upload) -> None:
        self._tables.uploads[upload.file_id] = upload

    async def remove(self, file_id: FileId) -> None:
        self._tables.uploads.pop(file_id, None)

    async def remove_in(self, place: Place, file_ids: Collection[FileId]) -> Sequence[Upload]:
        tables = self._tables
        ended = [
            one
            for one in tables.uploads.values()
            if one.file_id in file_ids or (one.draft and _is_in(tables, one.draft.place, place))
        ]
        for one in ended:
            del tables.uploads[one.file_id]
        return ended

    async def expired(self, *, before: datetime, after: FileId | None, limit: int) -> Sequence[Upload]:
        found = [one for one in self._tables.uploads.values() if one.expires_at < before]
        found.sort(key=attrgetter("file_id"))
        return [one for one in found if after is None or one.file_id > after][:limit]

    async def known(self, upload_ids: Collection[UploadId]) -> frozenset[UploadId]:
        opened = {one.id for one in self._tables.uploads.values()}
        return await self.settled(upload_ids) | (frozenset(upload_ids) & opened)

    async def settled(self, upload_ids: Collection[UploadId]) -> frozenset[UploadId]:
        return frozenset(upload_ids) & {one.upload_id for one in self._tables.files.values()}


class MemoryFileReader(OfSite, FileReader):
    async def page(self, query: FileQuery, viewer: Viewer, places: Places) -> Page[FileView]:
        tables = self._tables
        seen = [FileView.of(one) for one in tables.files.values() if _shows(tables, one, viewer, places)]
        return _page([one for one in seen if query.status in (None, one.status)], query)

    async def pending(self, query: FileQuery, uploader: UserId) -> Page[FileView]:
        return _page([FileView.of_draft(one) for one in self._drafts(uploader)], query)

    async def get(self, file_id: FileId, viewer: Viewer, places: Places, uploader: UserId | None) -> FileView:
        tables = self._tables
        file = tables.files.get(file_id)
        if file is not None and _shows(tables, file, viewer, places):
            return FileView.of(file)
        for upload in self._drafts(uploader):
            if upload.file_id == file_id:
                return FileView.of_draft(upload)
        raise FILES.not_found(file_id)

    def _drafts(self, uploader: UserId | None) -> list[Upload]:
        return [one for one in self._tables.uploads.values() if one.draft and one.created_by == uploader]


def _shows(tables: MemorySchema, file: File, viewer: Viewer, places: Places) -> bool:
    in_sight = any(getattr(file, field) is not None for field in places)
    return in_sight or may_view(tables, FILES, file, viewer)


def _require_place(tables: MemorySchema, place: Place) -> None:
    if place.project is not None and place.project not in tables.projects:
        raise UnknownPlaceError("project")
    if place.task is not None and place.task not in tables.tasks:
        raise UnknownPlaceError("task")


def _is_in(tables: MemorySchema, inner: Place, outer: Place) -> bool:
    if inner == outer:
        return True
    return inner.task is not None and tables.tasks[inner.task].project == outer.project


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
        and query.task in (None, file.task)
        and query.owner in (None, file.owner)
        and (query.smallest is None or query.smallest <= file.size)
        and (query.largest is None or file.size <= query.largest)
        and (query.created.start is None or query.created.start <= file.created_at)
        and (query.created.end is None or file.created_at <= query.created.end)
    )
