from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import ColumnElement, bindparam, func, select
from sqlalchemy.orm import InstrumentedAttribute

from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from application.shared.page import Page, PageRequest

V = TypeVar("V")


class PageSql:
    """One page of a list together with the number of all that match: one round trip, one snapshot."""

    def __init__(
        self,
        columns: Sequence[InstrumentedAttribute[Any] | ColumnElement[Any]],
        matching: Sequence[ColumnElement[bool]],
        ordering: Sequence[ColumnElement[Any]],
    ) -> None:
        count = select(func.count()).select_from(columns[0].class_).where(*matching)
        rows = select(*columns).where(*matching).order_by(*ordering)
        sliced = rows.limit(bindparam("limit")).offset(bindparam("offset"))
        self._count = Sql(count)
        self._page = Sql(sliced.add_columns(count.scalar_subquery().label("of_all")))

    async def fetch(
        self,
        session: ScopedSession,
        page: PageRequest,
        to_view: Callable[..., V],
        **values: Any,
    ) -> Page[V]:
        """`to_view` takes the columns by position."""
        records = await session.fetch(self._page, limit=page.size, offset=page.offset, **values)
        if records:
            return Page(records[0][-1], [to_view(*record[:-1]) for record in records])
        if page.offset == 0:
            return Page(0, [])
        counted = await session.fetchrow(self._count, **values)
        return Page(_first(counted), [])


def containing(text: str) -> str:
    """A LIKE pattern for text that has `text` in it, taken literally."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _first(record: asyncpg.Record | None) -> int:
    return int(record[0]) if record else 0
