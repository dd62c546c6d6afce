from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import ColumnElement, bindparam, func, literal_column, select
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
        rows = select(count.scalar_subquery().label("of_all"), *columns).where(*matching)
        ordered = rows.order_by(*ordering).offset(bindparam("offset"))
        self._count = Sql(count)
        self._ordered = ordered
        self._by_size: dict[int, Sql] = {}

    async def fetch(
        self,
        session: ScopedSession,
        page: PageRequest,
        to_view: Callable[[tuple[Any, ...]], V],
        **values: Any,
    ) -> Page[V]:
        """`to_view` takes the columns as they were given."""
        records = await session.fetch(self._sized(page.size), offset=page.offset, **values)
        if records:
            return Page(records[0][0], [to_view(record[1:]) for record in records])
        if page.offset == 0:
            return Page(0, [])
        return Page(_first(await session.fetchrow(self._count, **values)), [])

    def _sized(self, size: int) -> Sql:
        """The limit is written out: with a parameter PostgreSQL would plan the statement anew each time."""
        if size not in self._by_size:
            self._by_size[size] = Sql(self._ordered.limit(literal_column(str(size))))
        return self._by_size[size]


def containing(text: str) -> str:
    """A LIKE pattern for text that has `text` in it, taken literally."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _first(record: asyncpg.Record | None) -> int:
    return int(record[0]) if record else 0
