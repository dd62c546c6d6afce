from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, bindparam, delete, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert

from adapters.postgres.audit.rows import HistoryRow, RetentionRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tables import UtcTime
from application.audit.ports import HistoryPruning
from application.audit.views import Prunable

_THE_ONE: Final = UUID(int=0)
_BEFORE: Final = bindparam("before", type_=UtcTime)
_FIRST: Final = bindparam("first", type_=BigInteger())
_KEPT: Final = select(HistoryRow.id).where(HistoryRow.at >= _BEFORE).order_by(HistoryRow.id).limit(1).scalar_subquery()
_AFTER_ALL: Final = select(func.coalesce(func.max(HistoryRow.id), 0) + literal_column("1")).scalar_subquery()
_FIRST_KEPT: Final = Sql(select(func.coalesce(_KEPT, _AFTER_ALL)))
_OLD: Final = (HistoryRow.id < _FIRST, HistoryRow.at < _BEFORE)
"""A young entry can have an old id: that of a transaction which was still running when the plan was made."""
_COUNT: Final = Sql(select(func.count()).select_from(HistoryRow).where(*_OLD))
_ALLOW: Final = Sql(select(func.set_config("app.retention", "on", literal_column("true"))))
_FORBID: Final = Sql(select(func.set_config("app.retention", "", literal_column("true"))))
_NOTED: Final = insert(RetentionRow).values(id=bindparam("id"), kept_since=bindparam("before"))
_NOTE: Final = Sql(
    _NOTED.on_conflict_do_update(
        index_elements=[RetentionRow.id],
        set_={"kept_since": _NOTED.excluded.kept_since},
        where=RetentionRow.kept_since < _NOTED.excluded.kept_since,
    )
)
_OLDEST: Final = select(HistoryRow.id).where(*_OLD).order_by(HistoryRow.id).limit(bindparam("at_most"))
_DELETE: Final = Sql(delete(HistoryRow).where(HistoryRow.id.in_(_OLDEST)))


class PostgresHistoryPruning(HistoryPruning):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def plan(self, before: datetime) -> Prunable:
        """Up to the first entry that is young enough: an older one behind it, of a long transaction, stays."""
        first = await self._number(_FIRST_KEPT, before=before)
        return Prunable(before, first, await self._number(_COUNT, first=first, before=before))

    async def prune(self, plan: Prunable, *, at_most: int) -> int:
        await self._session.fetch(_ALLOW)
        await self._session.execute(_NOTE, id=_THE_ONE, before=plan.before)
        removed = await self._session.execute(_DELETE, first=plan.first_kept, before=plan.before, at_most=at_most)
        await self._session.fetch(_FORBID)
        return removed

    async def _number(self, sql: Sql, **values: object) -> int:
        record = await self._session.fetchrow(sql, **values)
        return int(record[0]) if record else 0
