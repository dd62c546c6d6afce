"""Whose a job is, and until when. Every statement stands alone, so none is lost with a transaction."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ARRAY,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from adapters.postgres.jobs.mapping import COLUMNS, WRITTEN, to_job, to_progress, to_state
from adapters.postgres.jobs.rows import JobRow
from adapters.postgres.jobs.unreadable import UNREADABLE, set_aside
from adapters.postgres.pool import LONGEST_WAIT
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tables import UtcTime
from adapters.postgres.tenancy.rows import OrganizationRow, SiteRow
from application.jobs.ports import JobLeases, RunningJob
from application.shared.jobs import LeaseLostError, Once
from domain.jobs.job import WAITING, Job, JobId, JobStatus, LeaseId, Progress
from domain.tenancy.scope import PlatformScope, SiteScope
from domain.tenancy.site import SiteId, SiteStatus
from domain.tenancy.slug import SiteSlug

_PLATFORM: Final = PlatformScope()
_AT: Final = bindparam("at", type_=UtcTime)
_OPEN_SITE: Final = exists(
    select(SiteRow.id)
    .join(OrganizationRow, OrganizationRow.id == SiteRow.organization_id)
    .where(SiteRow.id == JobRow.site_id, SiteRow.status == SiteStatus.ACTIVE.value, OrganizationRow.is_active)
)
_CLAIMED: Final = and_(JobRow.status == JobStatus.RUNNING.value, JobRow.lease == bindparam("lease"))
"""By this very claim: it is made again, for its answer was lost."""
_STARTED: Final = (
    update(JobRow)
    .where(
        JobRow.id == bindparam("key"),
        or_(
            and_(
                JobRow.status.in_([literal_column(f"'{status}'", Text) for status in sorted(WAITING)]),
                JobRow.run_at <= _AT,
            ),
            _CLAIMED,
        ),
        or_(JobRow.site_id == null(), _OPEN_SITE),
    )
    .values(
        status=JobStatus.RUNNING.value,
        attempts=JobRow.attempts + case((_CLAIMED, 0), else_=1),
        lease=bindparam("lease"),
        lease_until=bindparam("until"),
        worker=bindparam("worker"),
        started_at=_AT,
        finished_at=null(),
        progress=literal_column("'{}'::jsonb", JSONB),
        version=JobRow.version + 1,
    )
    .returning(*COLUMNS, JobRow.site_id)
    .cte("started")
)
_CLAIM: Final = Sql(
    select(*_STARTED.c, SiteRow.slug).select_from(_STARTED.outerjoin(SiteRow, SiteRow.id == _STARTED.c.site_id))
)
_OURS: Final = and_(
    JobRow.status == JobStatus.RUNNING.value, JobRow.lease == any_(bindparam("leases", type_=ARRAY(Uuid())))
)
_FREE: Final = select(JobRow.id).where(_OURS).with_for_update(skip_locked=True).cte("free")
_EXTENDED: Final = (
    update(JobRow)
    .where(JobRow.id.in_(select(_FREE.c.id)))
    .values(lease_until=bindparam("until"))
    .returning(JobRow.id)
    .cte("extended")
)
_EXTEND: Final = Sql(select(JobRow.lease).where(_OURS).add_cte(_FREE, _EXTENDED))
"""What is locked is being worked on in a transaction, ours: it is not waited for, and nobody recovers it."""
_MINE: Final = and_(
    JobRow.id == bindparam("key"), JobRow.lease == bindparam("mine"), JobRow.status == JobStatus.RUNNING.value
)
_FINISH: Final = Sql(
    update(JobRow)
    .where(_MINE)
    .values({name: bindparam(name) for name in WRITTEN})
    .values(lease=null(), lease_until=null(), deliveries=0, version=JobRow.version + 1)
)
_REPORTED: Final = (
    select(JobRow.id)
    .where(JobRow.lease == bindparam("mine"), JobRow.status == JobStatus.RUNNING.value)
    .with_for_update(skip_locked=True)
)
_REPORT: Final = Sql(
    update(JobRow).where(JobRow.id.in_(_REPORTED)).values(progress=bindparam("progress")).returning(JobRow.lease)
)
_STEP: Final = bindparam("step", type_=Text)
_HOLD: Final = Sql(select(any_(JobRow.steps) == _STEP).where(_MINE).with_for_update())
_NOTE: Final = Sql(update(JobRow).where(_MINE).values(steps=func.array_append(JobRow.steps, _STEP)))


class PostgresJobLeases(JobLeases):
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def claim(
        self, job_id: JobId, lease: LeaseId, *, worker: str, at: datetime, until: datetime
    ) -> RunningJob | None:
        records = await self._fetch(_CLAIM, key=job_id, lease=lease, worker=worker, at=at, until=until)
        if not records:
            return None
        try:
            job = to_job(records[0])
        except UNREADABLE as error:
            async with self._pool.acquire(timeout=LONGEST_WAIT) as connection:
                await set_aside(connection, job_id, error, at=at, uncounted=1)
            return None
        return RunningJob(job=job, lease=lease, scope=_scope(records[0]["site_id"], records[0]["slug"]))

    async def extend(self, leases: Collection[LeaseId], *, until: datetime) -> frozenset[LeaseId]:
        records = await self._fetch(_EXTEND, leases=list(leases), until=until)
        return frozenset(LeaseId(record[0]) for record in records)

    async def report(self, progress: Mapping[LeaseId, Progress]) -> frozenset[LeaseId]:
        records = [
            record
            for lease, one in progress.items()
            for record in await self._fetch(_REPORT, mine=lease, progress=to_progress(one))
        ]
        return frozenset(LeaseId(record[0]) for record in records)

    async def finish(self, job: Job, lease: LeaseId) -> bool:
        async with self._pool.acquire(timeout=LONGEST_WAIT) as connection:
            values = {"key": job.id, "mine": lease, **to_state(job)}
            tag: str = await connection.execute(_FINISH.within(_PLATFORM), *_FINISH.args(values))
        return tag.endswith(" 1")

    async def _fetch(self, sql: Sql, **values: Any) -> list[asyncpg.Record]:
        async with self._pool.acquire(timeout=LONGEST_WAIT) as connection:
            records: list[asyncpg.Record] = await connection.fetch(sql.within(_PLATFORM), *sql.args(values))
        return records


class PostgresOnce(Once):
    """In the transaction of the session: the job's row is locked until it ends, so no second worker gets past."""

    def __init__(self, session: ScopedSession, running: RunningJob) -> None:
        self._session = session
        self._running = running

    async def __call__(self, step: str) -> bool:
        values = {"key": self._running.job.id, "mine": self._running.lease, "step": step}
        record = await self._session.fetchrow(_HOLD, **values)
        if record is None:
            raise LeaseLostError(f"the job {self._running.job.id} is not ours any more")
        if record[0]:
            return False
        await self._session.execute(_NOTE, **values)
        return True


def _scope(site_id: UUID | None, slug: str | None) -> PlatformScope | SiteScope:
    if site_id is None:
        return _PLATFORM
    if slug is None:
        raise LookupError(f"there is no site {site_id}")
    site = SiteSlug(slug)
    return SiteScope(SiteId(site_id), site.value, site.schema)
