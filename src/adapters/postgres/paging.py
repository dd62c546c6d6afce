from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import ColumnElement, Select, Subquery, bindparam, func, literal_column, select
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
        shown: Callable[[Subquery], Select[*tuple[Any, ...]]] | None = None,
    ) -> None:
        """With `shown`, what that selects from the page, `of_all` first: for what costs too much for rows that the
        page skips, which PostgreSQL computes like the others.
        """
        count = select(func.count()).select_from(columns[0].class_).where(*matching)
        rows = select(count.correlate(None).scalar_subquery().label("of_all"), *columns).where(*matching)
        self._count = Sql(count)
        self._ordered = rows.order_by(*ordering)
        self._shown = shown
        self._slices: dict[tuple[int, bool], Sql] = {}

    async def fetch(
        self,
        session: ScopedSession,
        page: PageRequest,
        to_view: Callable[[tuple[Any, ...]], V],
        **values: Any,
    ) -> Page[V]:
        """`to_view` takes the columns as they were given."""
        records = await session.fetch(self._slice(page), offset=page.offset, **values)
        if records:
            return Page(records[0][0], [to_view(record[1:]) for record in records])
        if page.offset == 0:
            return Page(0, [])
        return Page(_first(await session.fetchrow(self._count, **values)), [])

    def _slice(self, page: PageRequest) -> Sql:
        """The limit is written out, and a first page has no offset: with parameters there PostgreSQL would
        plan the statement anew each time.
        """
        key = (page.size, page.offset == 0)
        if key not in self._slices:
            limited = self._ordered.limit(literal_column(str(page.size)))
            if page.offset:
                limited = limited.offset(bindparam("offset"))
            self._slices[key] = Sql(self._shown(limited.subquery("page")) if self._shown else limited)
        return self._slices[key]


def containing(text: str) -> str:
    """A LIKE pattern for text that has `text` in it, taken literally."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _first(record: asyncpg.Record | None) -> int:
    return int(record[0]) if record else 0
