from collections.abc import Collection
from datetime import datetime
from typing import Final

import asyncpg
from sqlalchemy import ARRAY, Text, and_, any_, bindparam

from adapters.postgres.jobs.rows import JobRow
from adapters.postgres.pool import LONGEST_WAIT
from adapters.postgres.purging import purge
from application.jobs.ports import EndedJobs
from domain.jobs.job import JobStatus
from domain.tenancy.scope import PlatformScope

_PURGE: Final = purge(
    JobRow,
    and_(JobRow.finished_at < bindparam("before"), JobRow.status == any_(bindparam("statuses", type_=ARRAY(Text)))),
    by=JobRow.finished_at,
)


class PostgresEndedJobs(EndedJobs):
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def purge(self, statuses: Collection[JobStatus], *, finished_before: datetime, at_most: int) -> int:
        values = {"before": finished_before, "statuses": [one.value for one in statuses], "most": at_most}
        async with self._pool.acquire(timeout=LONGEST_WAIT) as connection:
            tag: str = await connection.execute(_PURGE.within(PlatformScope()), *_PURGE.args(values))
        return int(tag.rpartition(" ")[2])
