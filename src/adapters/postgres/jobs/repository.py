from typing import Final

import asyncpg
from sqlalchemy import ColumnElement, Uuid, bindparam, case, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.jobs.mapping import COLUMNS, KEPT, WRITTEN, to_job, to_row, to_state
from adapters.postgres.jobs.rows import JobRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tables import UtcTime
from application.jobs.ports import JobRepository
from domain.jobs.job import Job, JobExistsError, JobId, JobNotFoundError
from domain.tenancy.scope import Scope, SiteScope
from domain.tenancy.site import SiteId

_RUN_AT: Final = bindparam("run_at", type_=UtcTime)
_CREATED_AT: Final = bindparam("created_at", type_=UtcTime)
_DUE: Final = case((_RUN_AT <= _CREATED_AT, func.least(_RUN_AT, func.clock_timestamp())), else_=_RUN_AT)
"""What is due at once is so by the clock of the database: that of who asks may be ahead."""
_NEW: Final = {"run_at": _DUE, "site_id": bindparam("site"), "deliveries": 0, "steps": [], "version": 1}
_INSERT: Final = Sql(
    insert(JobRow).values({name: bindparam(name) for name in (*KEPT, *WRITTEN)} | _NEW).on_conflict_do_nothing()
)
_SITE: Final = bindparam("site", type_=Uuid())
IN_SIGHT: Final[ColumnElement[bool]] = or_(_SITE.is_(null()), JobRow.site_id == _SITE)
_SELECT: Final = Sql(select(*COLUMNS).where(JobRow.id == bindparam("key"), IN_SIGHT).with_for_update())
_UPDATE: Final = Sql(
    update(JobRow)
    .where(JobRow.id == bindparam("key"), IN_SIGHT)
    .values({name: bindparam(name) for name in WRITTEN})
    .values(lease=null(), lease_until=null(), deliveries=0, version=JobRow.version + 1)
)


def site_of(scope: Scope) -> SiteId | None:
    """Whose jobs a scope sees; None: everybody's."""
    return scope.site_id if isinstance(scope, SiteScope) else None


class PostgresJobRepository(JobRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def add(self, job: Job) -> bool:
        return bool(await self._session.execute(_INSERT, site=site_of(self._session.scope), **to_row(job)))

    async def get(self, job_id: JobId) -> Job:
        record = await self._session.fetchrow(_SELECT, key=job_id, site=site_of(self._session.scope))
        if record is None:
            raise JobNotFoundError(f"there is no job {job_id}")
        return to_job(record)

    async def save(self, job: Job) -> None:
        try:
            await self._session.execute(_UPDATE, key=job.id, site=site_of(self._session.scope), **to_state(job))
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == "uq_jobs_unique_key":
                raise JobExistsError(f"another {job.name} has not ended") from error
            raise
