from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, select

from adapters.postgres.backups.rows import BackupRow
from adapters.postgres.paging import PageSql
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from application.backups.ports import BackupReader
from application.backups.views import BackupOrder, BackupQuery, BackupView
from application.shared.page import Page
from domain.backups.backup import BackupId, BackupKind, BackupNotFoundError, BackupStatus

_COLUMNS: Final = (
    BackupRow.id,
    BackupRow.kind,
    BackupRow.status,
    BackupRow.revision,
    BackupRow.rows,
    BackupRow.files,
    BackupRow.file_bytes,
    BackupRow.size,
    BackupRow.sha256,
    BackupRow.created_at,
    BackupRow.created_by,
    BackupRow.verified_at,
    BackupRow.expires_at,
    BackupRow.error,
)
_LIVING: Final = BackupRow.status != BackupStatus.EXPIRED.value
_SITE: Final = BackupRow.site_id == bindparam("site")
_FILTERS: Final = {"kind": BackupRow.kind == bindparam("kind"), "status": BackupRow.status == bindparam("status")}
_ONE: Final = Sql(select(*_COLUMNS).where(_LIVING, _SITE, BackupRow.id == bindparam("key")))


class PostgresBackupReader(BackupReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def page(self, site_id: UUID, query: BackupQuery) -> Page[BackupView]:
        given = {"kind": query.kind, "status": query.status}
        values = {name: value.value for name, value in given.items() if value is not None}
        statement = _statement(tuple(values), query.ordering)
        return await statement.fetch(self._session, query.page, _to_view, site=site_id, **values)

    async def get(self, site_id: UUID, backup_id: BackupId) -> BackupView:
        record = await self._session.fetchrow(_ONE, site=site_id, key=backup_id)
        if record is None:
            raise BackupNotFoundError(f"there is no backup {backup_id}")
        return _to_view(tuple(record))


@lru_cache(maxsize=64)
def _statement(filters: tuple[str, ...], ordering: BackupOrder) -> PageSql:
    keys = (getattr(BackupRow, ordering.value.removeprefix("-")), BackupRow.id)
    down = ordering.value.startswith("-")
    matching = [_LIVING, _SITE, *(_FILTERS[name] for name in filters)]
    return PageSql(_COLUMNS, matching, [key.desc() if down else key.asc() for key in keys])


def _to_view(columns: tuple[Any, ...]) -> BackupView:
    view = BackupView(*columns)
    view.kind, view.status, view.sha256 = BackupKind(view.kind), BackupStatus(view.status), columns[8].hex()
    return view
