from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, Uuid, any_, bindparam, delete, insert, or_, select, union_all, update
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.postgres.files.mapping import file_row, to_file, to_upload, upload_row
from adapters.postgres.files.rows import FileRow, UploadRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tasks.rows import TaskRow
from application.files.ports import FileRepository, UploadRepository
from domain.files.file import File, NoSuchFileError
from domain.files.upload import FileId, Place, UnknownPlaceError, Upload, UploadId
from domain.shared.caller import UserId

_PLACES: Final = {
    "fk_files_project_id_projects": "project",
    "fk_files_task_id_tasks": "task",
    "fk_uploads_project_id_projects": "project",
    "fk_uploads_task_id_tasks": "task",
}
_NO_ID: Final = UUID(int=0)
_IDS: Final = bindparam("ids", type_=ARRAY(Uuid()))
_FILE: Final = FileRow.id == bindparam("key")
_UPLOAD: Final = UploadRow.id == bindparam("key")
_FIND_FILE: Final = Sql(select(*FileRow.__table__.c).where(_FILE).with_for_update())
_INSERT_FILE: Final = Sql(insert(FileRow))
_KEPT: Final = {"id", "created_at", "created_by"}
_UPDATE_FILE: Final = Sql(
    update(FileRow)
    .where(_FILE)
    .values({column.name: bindparam(column.name) for column in FileRow.__table__.c if column.name not in _KEPT})
)
_DELETE_FILE: Final = Sql(delete(FileRow).where(_FILE))
_FIND_UPLOAD: Final = Sql(select(*UploadRow.__table__.c).where(_UPLOAD).with_for_update())
_PLACE: Final = Sql(
    select(UploadRow.project_id, UploadRow.task_id).where(
        _UPLOAD, UploadRow.name.is_not(None), UploadRow.created_by == bindparam("uploader")
    )
)


def _in(row: type[FileRow | UploadRow]) -> ColumnElement[bool]:
    """In the project, in a task of it, or in the task."""
    in_project = select(TaskRow.id).where(TaskRow.project_id == bindparam("project", type_=Uuid()))
    return or_(
        row.project_id == bindparam("project", type_=Uuid()),
        row.task_id == bindparam("task", type_=Uuid()),
        row.task_id.in_(in_project),
    )


_FIND_IN: Final = Sql(select(*FileRow.__table__.c).where(_in(FileRow)).order_by(FileRow.id).with_for_update())
_REMOVE_IN: Final = Sql(
    delete(UploadRow).where(or_(_in(UploadRow), UploadRow.id == any_(_IDS))).returning(*UploadRow.__table__.c)
)
_INSERT_UPLOAD: Final = Sql(insert(UploadRow))
_UPDATE_UPLOAD: Final = Sql(
    update(UploadRow)
    .where(_UPLOAD)
    .values({column.name: bindparam(column.name) for column in UploadRow.__table__.c if column.name != "id"})
)
_DELETE_UPLOAD: Final = Sql(delete(UploadRow).where(_UPLOAD))
_EXPIRED: Final = Sql(
    select(*UploadRow.__table__.c)
    .where(UploadRow.expires_at < bindparam("before"), UploadRow.id > bindparam("after"))
    .order_by(UploadRow.id)
    .limit(bindparam("most"))
)
_OF_FILES: Final = select(FileRow.upload_id).where(FileRow.upload_id == any_(_IDS))
_SETTLED: Final = Sql(_OF_FILES)
_KNOWN: Final = Sql(union_all(_OF_FILES, select(UploadRow.upload_id).where(UploadRow.upload_id == any_(_IDS))))


class PostgresFileRepository(FileRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def find(self, file_id: FileId) -> File | None:
        record = await self._session.fetchrow(_FIND_FILE, key=file_id)
        return to_file(record) if record else None

    async def add(self, file: File) -> None:
        await _write(self._session, _INSERT_FILE, **file_row(file))

    async def save(self, file: File) -> None:
        if not await _write(self._session, _UPDATE_FILE, key=file.id, **file_row(file)):
            raise NoSuchFileError(f"there is no file {file.id}")

    async def remove(self, file_id: FileId) -> None:
        if not await self._session.execute(_DELETE_FILE, key=file_id):
            raise NoSuchFileError(f"there is no file {file_id}")

    async def find_in(self, place: Place) -> Sequence[File]:
        records = await self._session.fetch(_FIND_IN, project=place.project, task=place.task)
        return [to_file(record) for record in records]


class PostgresUploadRepository(UploadRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def find(self, file_id: FileId) -> Upload | None:
        record = await self._session.fetchrow(_FIND_UPLOAD, key=file_id)
        return to_upload(record) if record else None

    async def place(self, file_id: FileId, uploader: UserId | None) -> Place | None:
        if uploader is None:
            return None
        record = await self._session.fetchrow(_PLACE, key=file_id, uploader=uploader)
        return Place(project=record["project_id"], task=record["task_id"]) if record else None

    async def add(self, upload: Upload) -> None:
        await _write(self._session, _INSERT_UPLOAD, **upload_row(upload))

    async def save(self, upload: Upload) -> None:
        await self._session.execute(_UPDATE_UPLOAD, key=upload.file_id, **upload_row(upload))

    async def remove(self, file_id: FileId) -> None:
        await self._session.execute(_DELETE_UPLOAD, key=file_id)

    async def remove_in(self, place: Place, file_ids: Collection[FileId]) -> Sequence[Upload]:
        values = {"project": place.project, "task": place.task, "ids": list(file_ids)}
        return [to_upload(record) for record in await self._session.fetch(_REMOVE_IN, **values)]

    async def expired(self, *, before: datetime, after: FileId | None, limit: int) -> Sequence[Upload]:
        records = await self._session.fetch(_EXPIRED, before=before, after=after or _NO_ID, most=limit)
        return [to_upload(record) for record in records]

    async def known(self, upload_ids: Collection[UploadId]) -> frozenset[UploadId]:
        return await self._named(_KNOWN, upload_ids)

    async def settled(self, upload_ids: Collection[UploadId]) -> frozenset[UploadId]:
        return await self._named(_SETTLED, upload_ids)

    async def _named(self, sql: Sql, upload_ids: Collection[UploadId]) -> frozenset[UploadId]:
        return frozenset(UploadId(record[0]) for record in await self._session.fetch(sql, ids=list(upload_ids)))


async def _write(session: ScopedSession, sql: Sql, **values: object) -> int:
    try:
        return await session.execute(sql, **values)
    except asyncpg.ForeignKeyViolationError as error:
        if field := _PLACES.get(str(error.constraint_name)):
            raise UnknownPlaceError(field) from error
        raise
