"""The rows of queued jobs as messages. `lease`: who has one in hand and has not claimed it; null: it may be taken."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import asyncpg
from sqlalchemy import ARRAY, Integer, Text, Uuid, any_, bindparam, func, literal_column, null, select, update

from adapters.postgres.jobs.rows import JobRow
from adapters.postgres.pool import LONGEST_WAIT
from adapters.postgres.sql import Sql
from domain.jobs.job import JobId, JobStatus, Queue
from domain.tenancy.scope import PlatformScope

_PLATFORM: Final = PlatformScope()
CHANNEL: Final = "taruvi_queued"
_QUEUED: Final = JobRow.status == literal_column(f"'{JobStatus.QUEUED}'", Text)
_KEYS: Final = any_(bindparam("keys", type_=ARRAY(Uuid())))
_HANDED: Final = (
    select(JobRow.id)
    .where(JobRow.id == _KEYS, _QUEUED, JobRow.lease != null())
    .with_for_update(skip_locked=True)
    .cte("handed")
)
_AGAIN: Final = update(JobRow).where(JobRow.id.in_(select(_HANDED.c.id))).values(lease=null()).cte("again")
_PUBLISH: Final = Sql(select(func.pg_notify(CHANNEL, bindparam("queue", type_=Text))).add_cte(_HANDED, _AGAIN))
_NEXT: Final = (
    select(JobRow.id)
    .where(_QUEUED, JobRow.queue == any_(bindparam("queues", type_=ARRAY(Text))), JobRow.lease == null())
    .order_by(JobRow.lease_until)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
    .cte("next")
)
_TAKE: Final = Sql(
    update(JobRow)
    .where(JobRow.id.in_(select(_NEXT.c.id)))
    .values(lease=bindparam("consumer", type_=Uuid()))
    .returning(JobRow.id)
)
_OURS: Final = (
    select(JobRow.id)
    .where(JobRow.id == _KEYS, _QUEUED, JobRow.lease == bindparam("consumer", type_=Uuid()))
    .with_for_update(skip_locked=True)
)
_GIVE_BACK: Final = Sql(update(JobRow).where(JobRow.id.in_(_OURS)).values(lease=null()).returning(JobRow.queue))


@dataclass(frozen=True, slots=True)
class QueuedRows:
    pool: asyncpg.Pool

    async def offer(self, queue: Queue, job_ids: Sequence[JobId]) -> None:
        """Wake who waits for them, and take them out of the hands of who did not claim them."""
        await self._fetch(_PUBLISH, queue=queue.value, keys=list(job_ids))

    async def take(self, consumer: UUID, queues: Collection[Queue], *, most: int) -> Sequence[JobId]:
        """Into the hands of this consumer, the oldest first; none that another one takes at this moment."""
        records = await self._fetch(_TAKE, consumer=consumer, queues=[one.value for one in queues], most=most)
        return [JobId(record[0]) for record in records]

    async def give_back(self, consumer: UUID, job_ids: Collection[JobId]) -> None:
        for record in await self._fetch(_GIVE_BACK, consumer=consumer, keys=list(job_ids)):
            await self._fetch(_PUBLISH, queue=record[0], keys=[])

    async def _fetch(self, sql: Sql, **values: Any) -> list[asyncpg.Record]:
        async with self.pool.acquire(timeout=LONGEST_WAIT) as connection:
            records: list[asyncpg.Record] = await connection.fetch(sql.within(_PLATFORM), *sql.args(values))
        return records
