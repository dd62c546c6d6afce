from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, select

from adapters.postgres.sql import Sql


def purge(row: type[Any], over: ColumnElement[bool], *, by: Any) -> Sql:
    """Delete some (`most`) of the rows that are over, in the order of `by`.

    What somebody holds just now is left for the next time.
    """
    some = select(row.id).where(over).order_by(by).limit(bindparam("most")).with_for_update(skip_locked=True)
    return Sql(delete(row).where(row.id.in_(some)))
