"""What sites take, day by day. The numbers of a site are read in its schema and kept in `public`."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import asyncpg
from sqlalchemy import ARRAY, BigInteger, Date, Uuid, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.jobs.rows import JobRow
from adapters.postgres.pool import LONGEST_WAIT
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import MissingSiteError, Sql
from adapters.postgres.tenancy.usage import measure
from adapters.postgres.tenancy.usage_rows import SiteDayRow
from application.tenancy.usage_ports import RequestCounts, UsageLedger
from application.tenancy.views import SiteDayView
from domain.tenancy.scope import PlatformScope, SiteScope
from domain.tenancy.site import SiteId

_KEY: Final = [SiteDayRow.site_id, SiteDayRow.day]
_MEASURED: Final = ("rows", "bytes", "files", "file_bytes")


def _upsert(*names: str) -> Sql:
    new = insert(SiteDayRow).values({name: bindparam(name) for name in ("site_id", "day", *names)})
    return Sql(new.on_conflict_do_update(index_elements=_KEY, set_={name: new.excluded[name] for name in names}))


_MEASURE: Final = _upsert(*_MEASURED)
_SET_JOBS: Final = _upsert("jobs")
_JOBS: Final = Sql(
    select(func.count())
    .select_from(JobRow)
    .where(
        JobRow.site_id == bindparam("site"),
        JobRow.created_at >= bindparam("start"),
        JobRow.created_at < bindparam("end"),
    )
)
_PER_DAY: Final[dict[str, Any]] = {"site_id": Uuid, "day": Date, "requests": BigInteger}
_COUNTED: Final = (
    func.unnest(*(bindparam(f"each_{name}", type_=ARRAY(kind)) for name, kind in _PER_DAY.items()))
    .table_valued(*(column(name, kind) for name, kind in _PER_DAY.items()))
    .render_derived(name="counted")
)
_NEW: Final = insert(SiteDayRow).from_select([*_PER_DAY], select(*(_COUNTED.c[name] for name in _PER_DAY)))
_ADD: Final = Sql(
    _NEW.on_conflict_do_update(index_elements=_KEY, set_={"requests": SiteDayRow.requests + _NEW.excluded["requests"]})
)
_DAYS: Final = Sql(
    select(*(SiteDayRow.__table__.c[name] for name in ("day", "requests", "jobs", *_MEASURED)))
    .where(SiteDayRow.site_id == bindparam("site"))
    .order_by(SiteDayRow.day.desc())
    .limit(bindparam("most"))
)


async def days_of(session: ScopedSession, site_id: SiteId, most: int) -> list[SiteDayView]:
    """The last ones, newest first."""
    return [SiteDayView(*record) for record in await session.fetch(_DAYS, site=site_id, most=most)]


class PostgresUsageLedger(UsageLedger):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def measure(self, day: date) -> None:
        rows, files, size = await measure(self._session, self._site)
        values = {
            "rows": rows.users + rows.projects + rows.tasks + rows.groups,
            "bytes": size,
            "files": files.count,
            "file_bytes": files.bytes,
        }
        await self._session.execute(_MEASURE, site_id=self._site.site_id, day=day, **values)

    async def count_jobs(self, day: date) -> None:
        site_id, start = self._site.site_id, datetime.combine(day, time(), UTC)
        record = await self._session.fetchrow(_JOBS, site=site_id, start=start, end=start + timedelta(days=1))
        await self._session.execute(_SET_JOBS, site_id=site_id, day=day, jobs=int(record[0]) if record else 0)

    @property
    def _site(self) -> SiteScope:
        if isinstance(self._session.scope, SiteScope):
            return self._session.scope
        raise MissingSiteError("the platform takes nothing")


class PostgresRequestCounts(RequestCounts):
    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def add(self, counts: Mapping[tuple[SiteId, date], int]) -> None:
        """In one order, so that two processes do not wait for each other in a circle."""
        keys = sorted(counts)
        each = {
            "each_site_id": [site_id for site_id, _ in keys],
            "each_day": [day for _, day in keys],
            "each_requests": [counts[key] for key in keys],
        }
        async with self._pool.acquire(timeout=LONGEST_WAIT) as connection:
            await connection.execute(_ADD.within(PlatformScope()), *_ADD.args(each))
