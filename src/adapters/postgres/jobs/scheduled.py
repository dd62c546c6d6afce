"""Jobs by the thousand: one statement for all sites."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ARRAY, Text, Uuid, bindparam, column, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.jobs.mapping import KEPT, WRITTEN, to_row
from adapters.postgres.jobs.rows import JobRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tables import UtcTime
from adapters.postgres.tenancy.rows import OrganizationRow, SiteRow
from application.jobs.schedules.ports import JobTarget, ScheduledJobs
from domain.jobs.job import Job, JobId
from domain.tenancy.site import SiteId, SiteStatus

_ONE: Final = bindparam("one", type_=Uuid)
_OPEN: Final = Sql(
    select(SiteRow.id)
    .join(OrganizationRow, OrganizationRow.id == SiteRow.organization_id)
    .where(
        SiteRow.status == SiteStatus.ACTIVE.value, OrganizationRow.is_active, or_(_ONE.is_(None), SiteRow.id == _ONE)
    )
    .order_by(SiteRow.id)
)
_PER_TARGET: Final[dict[str, Any]] = {"id": Uuid, "site_id": Uuid, "run_at": UtcTime, "unique_key": Text}
_TARGETS: Final = (
    func.unnest(*(bindparam(f"each_{name}", type_=ARRAY(kind)) for name, kind in _PER_TARGET.items()))
    .table_valued(*(column(name, kind) for name, kind in _PER_TARGET.items()))
    .render_derived(name="target")
)
_SAME: Final = {name: JobRow.__table__.c[name].type for name in (*KEPT, *WRITTEN) if name not in _PER_TARGET}
_FIXED: Final = {"deliveries": 0, "version": 1, "steps": []}
_INSERT: Final = Sql(
    insert(JobRow)
    .from_select(
        [*_PER_TARGET, *_SAME, *_FIXED],
        select(
            *(_TARGETS.c[name] for name in _PER_TARGET),
            *(bindparam(name, type_=kind) for name, kind in _SAME.items()),
            *(bindparam(name, type_=JobRow.__table__.c[name].type) for name in _FIXED),
        ),
    )
    .on_conflict_do_nothing()
    .returning(JobRow.id)
)


class PostgresScheduledJobs(ScheduledJobs):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def open_sites(self, site_id: SiteId | None = None) -> Sequence[SiteId]:
        return [SiteId(record[0]) for record in await self._session.fetch(_OPEN, one=site_id)]

    async def add(self, job: Job, targets: Sequence[JobTarget]) -> Sequence[JobId]:
        row: dict[str, Any] = to_row(job)
        each = {
            "each_id": [target.job_id for target in targets],
            "each_site_id": [target.site_id for target in targets],
            "each_run_at": [target.run_at for target in targets],
            "each_unique_key": [target.unique for target in targets],
        }
        same = {name: row[name] for name in _SAME}
        return [JobId(record[0]) for record in await self._session.fetch(_INSERT, **each, **same, **_FIXED)]
