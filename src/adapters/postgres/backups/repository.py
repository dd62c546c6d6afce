from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

import asyncpg
from sqlalchemy import (
    ARRAY,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    func,
    insert,
    literal,
    literal_column,
    select,
    update,
)

from adapters.postgres.backups.rows import BackupRow
from adapters.postgres.jobs.rows import JobRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tables import UtcTime
from adapters.postgres.tenancy.rows import SiteRow
from application.backups.ports import BackupRepository, SitesToBackUp
from domain.backups.backup import Backup, BackupId, BackupKind, BackupNotFoundError, BackupStatus
from domain.shared.caller import UserId
from domain.tenancy.site import SiteId, SiteStatus

_COLUMNS: Final = tuple(column.name for column in BackupRow.__table__.c)
_KEPT: Final = ("id", "site_id", "organization_id", "created_at", "created_by")
_ROWS: Final = select(*BackupRow.__table__.c)
_LIVING: Final = BackupRow.status != BackupStatus.EXPIRED.value
_INSERT: Final = Sql(insert(BackupRow).values({name: bindparam(name) for name in _COLUMNS}))
_SELECT: Final = Sql(_ROWS.where(BackupRow.id == bindparam("key")).with_for_update())
_UPDATE: Final = Sql(
    update(BackupRow)
    .where(BackupRow.id == bindparam("key"))
    .values({name: bindparam(name) for name in _COLUMNS if name not in _KEPT})
)
_OF_SITE: Final = Sql(
    _ROWS.where(BackupRow.site_id == bindparam("site"), _LIVING).order_by(
        BackupRow.created_at.desc(), BackupRow.id.desc()
    )
)
_LEFT: Final = and_(
    BackupRow.status == literal_column(f"'{BackupStatus.RUNNING}'", Text),
    BackupRow.job_id.is_not(None),
    ~exists(select(literal(1)).where(JobRow.id == BackupRow.job_id, JobRow.finished_at.is_(None))),
)
_LOCK_LEFT: Final = Sql(select(BackupRow.id).where(_LEFT).limit(bindparam("most")).with_for_update(skip_locked=True))
_STILL_LEFT: Final = Sql(_ROWS.where(_LEFT, BackupRow.id == any_(bindparam("keys", type_=ARRAY(Uuid)))))
"""A job may have been asked for again meanwhile: the statement that locks sees jobs as they were before."""
_SITES: Final = Sql(select(BackupRow.site_id).where(_LIVING).distinct())
_HOLD: Final = Sql(
    select(
        func.pg_advisory_xact_lock(func.hashtextextended(cast(bindparam("site"), Text), literal_column("7205759405")))
    )
)
_BEGUN: Final = exists(
    select(literal(1)).where(
        BackupRow.site_id == SiteRow.id,
        BackupRow.kind == literal_column(f"'{BackupKind.BACKUP}'", Text),
        BackupRow.created_at >= bindparam("before", type_=UtcTime),
    )
)
_DUE: Final = Sql(
    select(SiteRow.id)
    .where(SiteRow.status == SiteStatus.ACTIVE.value, ~_BEGUN)
    .order_by(SiteRow.id)
    .limit(bindparam("most"))
)


class PostgresBackupRepository(BackupRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def hold(self, site_id: SiteId) -> None:
        await self._session.fetch(_HOLD, site=str(site_id))

    async def get(self, backup_id: BackupId) -> Backup:
        if (found := await self.find(backup_id)) is None:
            raise BackupNotFoundError(f"there is no backup {backup_id}")
        return found

    async def find(self, backup_id: BackupId) -> Backup | None:
        record = await self._session.fetchrow(_SELECT, key=backup_id)
        return _to_backup(record) if record else None

    async def add(self, backup: Backup) -> None:
        await self._session.execute(_INSERT, **_to_row(backup))

    async def save(self, backup: Backup) -> None:
        await self._session.execute(_UPDATE, key=backup.id, **_to_row(backup))

    async def of_site(self, site_id: SiteId) -> Sequence[Backup]:
        return [_to_backup(record) for record in await self._session.fetch(_OF_SITE, site=site_id)]

    async def left_running(self, limit: int) -> Sequence[Backup]:
        keys = [record["id"] for record in await self._session.fetch(_LOCK_LEFT, most=limit)]
        return [_to_backup(record) for record in await self._session.fetch(_STILL_LEFT, keys=keys)]

    async def sites(self) -> Sequence[SiteId]:
        return [SiteId(record[0]) for record in await self._session.fetch(_SITES)]


class PostgresSitesToBackUp(SitesToBackUp):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def due(self, *, before: datetime, limit: int) -> Sequence[SiteId]:
        return [SiteId(record[0]) for record in await self._session.fetch(_DUE, before=before, most=limit)]


def _to_row(backup: Backup) -> dict[str, Any]:
    return asdict(backup) | {"kind": backup.kind.value, "status": backup.status.value}


def _to_backup(record: asyncpg.Record) -> Backup:
    found: dict[str, Any] = dict(record)
    return Backup(
        **found
        | {
            "id": BackupId(found["id"]),
            "kind": BackupKind(found["kind"]),
            "status": BackupStatus(found["status"]),
            "created_by": UserId(found["created_by"]) if found["created_by"] else None,
        }
    )
