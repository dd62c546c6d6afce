from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, literal_column, or_, select, union_all

from adapters.postgres.access.viewable import viewable
from adapters.postgres.files.rows import FileRow, UploadRow
from adapters.postgres.paging import PageSql, containing
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from application.access.grant_views import SEES_ALL, Viewer
from application.files.ports import FileReader, Places
from application.files.views import FileOrder, FileQuery, FileView
from application.shared.page import Page
from domain.files.file import FILES, FileStatus
from domain.files.upload import FileId
from domain.shared.caller import UserId

_FILE: Final = (
    FileRow.id,
    FileRow.name,
    FileRow.content_type,
    FileRow.size,
    FileRow.sha256,
    FileRow.status,
    FileRow.upload_id,
    FileRow.owner_id,
    FileRow.project_id,
    FileRow.task_id,
    FileRow.created_at,
    FileRow.updated_at,
    FileRow.created_by,
    FileRow.version,
)
_DRAFT: Final[tuple[Any, ...]] = (
    UploadRow.id,
    UploadRow.name,
    UploadRow.content_type,
    UploadRow.size,
    UploadRow.sha256,
    literal_column(f"'{FileStatus.PENDING}'").label("status"),
    UploadRow.upload_id,
    UploadRow.created_by.label("owner_id"),
    UploadRow.project_id,
    UploadRow.task_id,
    UploadRow.created_at,
    UploadRow.created_at.label("updated_at"),
    UploadRow.created_by,
    UploadRow.version,
)
_IS_DRAFT: Final = UploadRow.name.is_not(None)
_OWN: Final = UploadRow.created_by == bindparam("uploader")


def _filters(row: Any, owner: ColumnElement[Any]) -> dict[str, ColumnElement[bool]]:
    return {
        "search": row.name.ilike(bindparam("search")),
        "name": row.name == bindparam("name"),
        "content_type": row.content_type == bindparam("content_type"),
        "project": row.project_id == bindparam("project"),
        "task": row.task_id == bindparam("task"),
        "owner": owner == bindparam("owner"),
        "smallest": row.size >= bindparam("smallest"),
        "largest": row.size <= bindparam("largest"),
        "created_from": row.created_at >= bindparam("created_from"),
        "created_until": row.created_at <= bindparam("created_until"),
    }


_FILE_FILTERS: Final = _filters(FileRow, FileRow.owner_id.expression) | {
    "status": FileRow.status == bindparam("status"),
}
_DRAFT_FILTERS: Final = _filters(UploadRow, UploadRow.created_by.expression) | {"uploader": _OWN}
_STATUSES: Final = {status.value: status for status in FileStatus}


class PostgresFileReader(FileReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def page(self, query: FileQuery, viewer: Viewer, places: Places) -> Page[FileView]:
        values = _values(query, status=query.status, viewer=None if viewer is SEES_ALL else viewer)
        statement = _files(tuple(values), places, query.ordering)
        return await statement.fetch(self._session, query.page, _to_view, **values)

    async def pending(self, query: FileQuery, uploader: UserId) -> Page[FileView]:
        values = _values(query, uploader=uploader)
        statement = _drafts(tuple(values), query.ordering)
        return await statement.fetch(self._session, query.page, _to_view, **values)

    async def get(self, file_id: FileId, viewer: Viewer, places: Places, uploader: UserId | None) -> FileView:
        values = {"viewer": None if viewer is SEES_ALL else viewer, "uploader": uploader}
        given = {name: value for name, value in values.items() if value is not None}
        record = await self._session.fetchrow(_one(tuple(given), places), key=file_id, **given)
        if record is None:
            raise FILES.not_found(file_id)
        return _to_view(tuple(record))


def _in_sight(places: Places) -> ColumnElement[bool]:
    """What the viewer may view by itself, or by what it lies in, as they may view all of that kind."""
    columns = [FileRow.__table__.c[f"{field}_id"] for field in sorted(places)]
    return or_(viewable(FILES, FileRow), *(column.is_not(None) for column in columns))


@lru_cache(maxsize=16)
def _one(given: tuple[str, ...], places: Places) -> Sql:
    """A file that is there, or a draft of the uploader's own: one snapshot, so it is never between the two."""
    file = select(*_FILE).where(FileRow.id == bindparam("key"))
    if "viewer" in given:
        file = file.where(_in_sight(places))
    if "uploader" not in given:
        return Sql(file)
    return Sql(union_all(file, select(*_DRAFT).where(UploadRow.id == bindparam("key"), _IS_DRAFT, _OWN)))


@lru_cache(maxsize=256)
def _files(filters: tuple[str, ...], places: Places, ordering: FileOrder) -> PageSql:
    matching = [_in_sight(places) if name == "viewer" else _FILE_FILTERS[name] for name in filters]
    return PageSql(_FILE, matching, _ordered(FileRow, ordering))


@lru_cache(maxsize=256)
def _drafts(filters: tuple[str, ...], ordering: FileOrder) -> PageSql:
    """A draft was last changed when it was made."""
    matching = [_IS_DRAFT, *(_DRAFT_FILTERS[name] for name in filters)]
    return PageSql(_DRAFT, matching, _ordered(UploadRow, ordering, updated_at="created_at"))


def _ordered(row: Any, ordering: FileOrder, **instead: str) -> list[ColumnElement[Any]]:
    name = ordering.value.removeprefix("-")
    keys = (getattr(row, instead.get(name, name)), row.id)
    return [key.desc() if ordering.value.startswith("-") else key.asc() for key in keys]


def _values(query: FileQuery, **more: Any) -> dict[str, Any]:
    given = {
        "search": containing(query.search) if query.search else None,
        "name": query.name,
        "content_type": query.content_type,
        "project": query.project,
        "task": query.task,
        "owner": query.owner,
        "smallest": query.smallest,
        "largest": query.largest,
        "created_from": query.created.start,
        "created_until": query.created.end,
        **more,
    }
    return {name: value for name, value in given.items() if value is not None}


def _to_view(columns: tuple[Any, ...]) -> FileView:
    file = FileView(*columns)
    file.sha256, file.status = columns[4].hex(), _STATUSES[columns[5]]
    return file
