"""Rows that this release cannot read: they wait for one that can, and keep nobody waiting."""

from datetime import datetime, timedelta
from logging import getLogger
from typing import Any, Final

from sqlalchemy import bindparam, null, update

from adapters.postgres.jobs.rows import JobRow
from adapters.postgres.sql import Sql
from adapters.postgres.tables import UtcTime
from domain.jobs.job import JobId, JobStatus
from domain.tenancy.scope import PlatformScope

UNREADABLE: Final = (ValueError, LookupError, TypeError)
_log: Final = getLogger(__name__)
_PAUSE: Final = timedelta(minutes=5)
_SET_ASIDE: Final = Sql(
    update(JobRow)
    .where(JobRow.id == bindparam("key"), JobRow.status == JobStatus.RUNNING.value)
    .values(
        status=JobStatus.PENDING.value,
        attempts=JobRow.attempts - bindparam("uncounted"),
        run_at=bindparam("again", type_=UtcTime),
        error="this release cannot read the row",
        lease=null(),
        lease_until=null(),
        version=JobRow.version + 1,
    )
)


async def set_aside(connection: Any, job_id: JobId, error: Exception, *, at: datetime, uncounted: int) -> None:
    """One that is ours, or nobody's any more; `uncounted` attempts are taken back."""
    _log.error("the row of the job %s cannot be read, it waits: %s", job_id, type(error).__name__)
    values = {"key": job_id, "again": at + _PAUSE, "uncounted": uncounted}
    await connection.execute(_SET_ASIDE.within(PlatformScope()), *_SET_ASIDE.args(values))
