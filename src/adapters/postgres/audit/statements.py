"""What is asked of the history of one row: found by the index on `row_id`, whatever else there is."""

from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Text,
    Uuid,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from adapters.postgres.audit.rows import HistoryRow, RetentionRow
from adapters.postgres.audit.values import table_of
from adapters.postgres.paging import PageSql
from adapters.postgres.sql import Sql, literal
from adapters.postgres.tables import UtcTime
from domain.audit.entry import Operation

COLUMNS: Final = (
    HistoryRow.id,
    HistoryRow.at,
    HistoryRow.actor,
    HistoryRow.actor_label,
    HistoryRow.impersonator,
    HistoryRow.request_id,
    HistoryRow.db_role,
    HistoryRow.operation,
    HistoryRow.table_name,
    HistoryRow.row_id,
    HistoryRow.before,
    HistoryRow.after,
)
_OF_ROW: Final = (
    HistoryRow.row_id == bindparam("row_id", type_=Uuid()),
    HistoryRow.table_name == bindparam("table"),
)
_COLUMN: Final = bindparam("column", type_=Text())
_FILTERS: Final[dict[str, ColumnElement[bool]]] = {
    "actor": HistoryRow.actor == bindparam("actor"),
    "operation": HistoryRow.operation == bindparam("operation"),
    "at_from": HistoryRow.at >= bindparam("at_from"),
    "at_until": HistoryRow.at <= bindparam("at_until"),
    "column": or_(HistoryRow.before.has_key(_COLUMN), HistoryRow.after.has_key(_COLUMN)),
}
ONE: Final = Sql(select(*COLUMNS).where(*_OF_ROW, HistoryRow.id == bindparam("entry")))
OF_VERSION: Final = Sql(
    select(*COLUMNS)
    .where(*_OF_ROW, HistoryRow.after["version"].astext == bindparam("version"))
    .order_by(HistoryRow.id.desc())
    .limit(1)
)
ANY: Final = Sql(select(HistoryRow.id).where(*_OF_ROW).limit(1))


@lru_cache(maxsize=64)
def page(filters: tuple[str, ...]) -> PageSql:
    return PageSql(COLUMNS, [*_OF_ROW, *(_FILTERS[name] for name in filters)], [HistoryRow.id.desc()])


@lru_cache(maxsize=16)
def deleted(table: str) -> Sql:
    """The table is written out: only so does PostgreSQL know that its partial index has what is looked for."""
    return Sql(
        select(HistoryRow.row_id)
        .where(
            HistoryRow.table_name == literal_column(literal(table)),
            HistoryRow.operation == literal_column(literal(Operation.DELETE)),
            HistoryRow.before.contains(bindparam("values", type_=JSONB())),
        )
        .order_by(HistoryRow.id.desc())
        .limit(1)
    )


@lru_cache(maxsize=64)
def state_before(table: str) -> Sql:
    """A row as it was before the entry `first`; see `_state`."""
    return _state(table, HistoryRow.id >= bindparam("first", type_=BigInteger()))


@lru_cache(maxsize=64)
def state_at(table: str) -> Sql:
    """A row as it was at the time `at`: before the first entry that is later, whatever the times of those behind it."""
    return _state(table, HistoryRow.at > bindparam("at", type_=UtcTime))


def _state(table: str, undone: ColumnElement[bool]) -> Sql:
    """One row: the row as it is now; what undoing every entry from the first on that is `undone` gives, the oldest
    value of each column winning; whether a deletion is among them; what the first one did; from when on the history
    is whole. One statement, so of one moment.
    """
    rows = table_of(table).alias("present")
    now = select(func.to_jsonb(literal_column("present"))).select_from(rows)
    first = select(HistoryRow.id, HistoryRow.operation).where(*_OF_ROW, undone).order_by(HistoryRow.id).limit(1).cte()
    later = and_(*_OF_ROW, HistoryRow.id >= select(first.c.id).scalar_subquery())
    values = func.jsonb_each(HistoryRow.before).table_valued("key", "value", name="each")
    oldest: ColumnElement[Any] = func.jsonb_object_agg(
        values.c.key, aggregate_order_by(literal_column("each.value"), HistoryRow.id.desc())
    )
    return Sql(
        select(
            now.where(rows.c.id == bindparam("row_id", type_=Uuid())).scalar_subquery().label("present"),
            select(oldest).select_from(HistoryRow).join(values, true()).where(later).scalar_subquery().label("undone"),
            select(func.bool_or(HistoryRow.operation == Operation.DELETE.value))
            .where(later)
            .scalar_subquery()
            .label("deleted"),
            select(first.c.operation).scalar_subquery().label("first"),
            select(RetentionRow.kept_since).scalar_subquery().label("kept_since"),
        )
    )
