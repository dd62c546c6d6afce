from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, Final

import asyncpg
from sqlalchemy import (
    ARRAY,
    Integer,
    Text,
    Uuid,
    any_,
    bindparam,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    update,
)

from adapters.postgres.jobs.lanes import QUEUE, lanes, status_in
from adapters.postgres.jobs.mapping import COLUMNS, WRITTEN, to_job, to_state
from adapters.postgres.jobs.rows import OF_PLATFORM, JobRow, lane
from adapters.postgres.jobs.taking import TAKE
from adapters.postgres.jobs.unreadable import UNREADABLE, set_aside
from adapters.postgres.pool import LONGEST_WAIT
from adapters.postgres.sql import Sql
from adapters.postgres.tables import UtcTime
from adapters.postgres.tenancy.rows import SiteRow
from application.jobs.ports import DispatchLimits, JobDispatch, Taken
from domain.jobs.job import Job, JobId, JobStatus, Queue
from domain.tenancy.scope import PlatformScope
from domain.tenancy.site import SiteStatus

_PLATFORM: Final = PlatformScope()
_AT: Final = bindparam("at", type_=UtcTime)
_AT_ONCE: Final = literal_column("500", Integer)
_LOCK: Final = literal_column("1785686643", Integer)
"""Of all advisory locks of this database, those of queues."""
_TURN: Final = Sql(select(func.pg_try_advisory_xact_lock(_LOCK, func.hashtext(QUEUE))))
_UNCLAIMED: Final = (
    select(JobRow.id)
    .where(status_in(JobRow, JobStatus.QUEUED), JobRow.queue == QUEUE, JobRow.lease_until <= _AT)
    .with_for_update(skip_locked=True)
)
_WAITS_AGAIN: Final = {
    "status": JobStatus.PENDING.value,
    "lease": null(),
    "lease_until": null(),
    "version": JobRow.version + 1,
}
_EXPIRE: Final = Sql(update(JobRow).where(JobRow.id.in_(_UNCLAIMED)).values(_WAITS_AGAIN))
_UNPUBLISHED: Final = (
    select(JobRow.id)
    .where(JobRow.id == any_(bindparam("keys", type_=ARRAY(Uuid()))), status_in(JobRow, JobStatus.QUEUED))
    .with_for_update(skip_locked=True)
)
_GIVE_BACK: Final = Sql(
    update(JobRow).where(JobRow.id.in_(_UNPUBLISHED)).values(_WAITS_AGAIN | {"deliveries": JobRow.deliveries - 1})
)
_RUN_OUT: Final = Sql(
    select(*COLUMNS)
    .where(status_in(JobRow, JobStatus.RUNNING), JobRow.lease_until <= _AT)
    .order_by(JobRow.lease_until)
    .limit(_AT_ONCE)
    .with_for_update(skip_locked=True)
)
_INTERRUPT: Final = Sql(
    update(JobRow)
    .where(JobRow.id == bindparam("key"))
    .values({name: bindparam(name) for name in WRITTEN})
    .values(lease=null(), lease_until=null(), deliveries=0, version=JobRow.version + 1)
)
_LANES: Final = lanes(true())
_DELETED: Final = (
    select(_LANES.c.lane)
    .select_from(_LANES.outerjoin(SiteRow, SiteRow.id == _LANES.c.lane))
    .where(_LANES.c.lane != OF_PLATFORM, or_(SiteRow.id == null(), SiteRow.status == SiteStatus.DELETED.value))
)
_ORPHANS: Final = (
    select(JobRow.id)
    .where(
        JobRow.queue == QUEUE,
        status_in(JobRow, JobStatus.PENDING, JobStatus.FAILED),
        lane(JobRow.site_id).in_(_DELETED),
    )
    .limit(_AT_ONCE)
    .with_for_update(skip_locked=True)
)
_CANCEL: Final = Sql(
    update(JobRow)
    .where(JobRow.id.in_(_ORPHANS))
    .values(status=literal_column("'cancelled'", Text), finished_at=_AT, version=JobRow.version + 1)
)


class PostgresJobDispatch(JobDispatch):
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def take(self, queue: Queue, limits: DispatchLimits, *, at: datetime) -> Taken:
        """The lock comes first and by itself: what is counted afterwards includes what its last holder took."""
        values = {
            "queue": queue.value,
            "at": at,
            "window": limits.window,
            "per_site": limits.per_site,
            "patience": limits.patience.total_seconds(),
            "longest": limits.longest.total_seconds(),
        }
        async with self._pool.acquire(timeout=LONGEST_WAIT) as connection, connection.transaction():
            if not await connection.fetchval(*_call(_TURN, values)):
                return Taken(job_ids=())
            await connection.execute(*_call(_EXPIRE, values))
            [(ids, next_due)] = await connection.fetch(*_call(TAKE, values))
        return Taken(job_ids=[JobId(one) for one in ids or ()], next_due=next_due)

    async def give_back(self, job_ids: Collection[JobId]) -> None:
        await self._execute(_GIVE_BACK, keys=list(job_ids))

    async def recover(self, interrupted: Callable[[Job], Job], *, at: datetime) -> int:
        async with self._pool.acquire(timeout=LONGEST_WAIT) as connection, connection.transaction():
            records = await connection.fetch(*_call(_RUN_OUT, {"at": at}))
            for record in records:
                try:
                    job = interrupted(to_job(record))
                except UNREADABLE as error:
                    await set_aside(connection, record["id"], error, at=at, uncounted=0)
                    continue
                await connection.execute(*_call(_INTERRUPT, {"key": job.id, **to_state(job)}))
        return len(records)

    async def cancel_orphans(self, queue: Queue, *, at: datetime) -> int:
        return await self._execute(_CANCEL, queue=queue.value, at=at)

    async def _execute(self, sql: Sql, **values: Any) -> int:
        async with self._pool.acquire(timeout=LONGEST_WAIT) as connection:
            tag: str = await connection.execute(*_call(sql, values))
        return int(tag.rpartition(" ")[2])


def _call(sql: Sql, values: dict[str, Any]) -> list[Any]:
    return [sql.within(_PLATFORM), *sql.args(values)]
