from functools import lru_cache
from typing import Any, Final

import asyncpg
from sqlalchemy import bindparam, or_, select

from adapters.postgres.jobs.schedule_rows import ScheduleRow
from adapters.postgres.jobs.schedules import to_schedule
from adapters.postgres.paging import PageSql, containing
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tenancy.rows import SiteRow
from application.jobs.schedules.ports import ScheduleReader
from application.jobs.schedules.views import ScheduleOrder, ScheduleQuery, ScheduleView
from application.shared.page import Page
from domain.jobs.schedule import ScheduleId, ScheduleNotFoundError

_NAMES: Final = [column.name for column in ScheduleRow.__table__.c]
_SLUG: Final = select(SiteRow.slug).where(SiteRow.id == ScheduleRow.site_id).scalar_subquery()
_COLUMNS: Final = (*(getattr(ScheduleRow, name) for name in _NAMES), _SLUG.label("site"))
_FILTERS: Final = {
    "job": ScheduleRow.job == bindparam("job"),
    "scope": ScheduleRow.scope == bindparam("scope"),
    "site": ScheduleRow.site_id.in_(select(SiteRow.id).where(SiteRow.slug == bindparam("site"))),
    "is_enabled": ScheduleRow.is_enabled == bindparam("is_enabled"),
    "created_from": ScheduleRow.created_at >= bindparam("created_from"),
    "created_until": ScheduleRow.created_at <= bindparam("created_until"),
    "search": or_(ScheduleRow.name.ilike(bindparam("search")), ScheduleRow.job.ilike(bindparam("search"))),
}
_ONE: Final = Sql(select(*_COLUMNS).where(ScheduleRow.id == bindparam("key")))
_NAMED: Final = Sql(select(*_COLUMNS).where(ScheduleRow.name == bindparam("name")))


class PostgresScheduleReader(ScheduleReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def page(self, query: ScheduleQuery) -> Page[ScheduleView]:
        values = _values(query)
        return await _page(tuple(values), query.ordering).fetch(self._session, query.page, _from_columns, **values)

    async def get(self, schedule_id: ScheduleId) -> ScheduleView:
        record = await self._session.fetchrow(_ONE, key=schedule_id)
        if record is None:
            raise ScheduleNotFoundError(f"there is no schedule {schedule_id}")
        return _to_view(record)

    async def find(self, name: str) -> ScheduleView | None:
        record = await self._session.fetchrow(_NAMED, name=name)
        return _to_view(record) if record else None


@lru_cache(maxsize=256)
def _page(filters: tuple[str, ...], ordering: ScheduleOrder) -> PageSql:
    keys = (getattr(ScheduleRow, ordering.value.removeprefix("-")), ScheduleRow.id)
    down = ordering.value.startswith("-")
    matching = [_FILTERS[name] for name in filters]
    return PageSql(_COLUMNS, matching, [key.desc() if down else key.asc() for key in keys])


def _values(query: ScheduleQuery) -> dict[str, Any]:
    given = {
        "job": query.job,
        "scope": query.scope,
        "site": query.site,
        "is_enabled": query.is_enabled,
        "created_from": query.created.start,
        "created_until": query.created.end,
        "search": containing(query.search) if query.search else None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _from_columns(columns: tuple[Any, ...]) -> ScheduleView:
    return _to_view(dict(zip((*_NAMES, "site"), columns, strict=True)))


def _to_view(record: asyncpg.Record | dict[str, Any]) -> ScheduleView:
    return ScheduleView.of(to_schedule(record), record["site"])
