from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

import asyncpg
import msgspec

from adapters.postgres.audit import statements
from adapters.postgres.audit.values import to_fields, without_secrets
from adapters.postgres.session import ScopedSession
from application.audit.ports import HistoryReader
from application.audit.views import HistoryQuery
from application.shared.page import Page
from domain.audit.entry import (
    HistoryEntry,
    HistoryEntryId,
    HistoryEntryNotFoundError,
    HistoryPrunedError,
    Operation,
    State,
)
from domain.shared.audited import Audited

_LARGEST: Final = (1 << 63) - 1


class PostgresHistoryReader(HistoryReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def page(self, kind: Audited, row_id: UUID, query: HistoryQuery) -> Page[HistoryEntry]:
        values = _values(kind, query)
        statement = statements.page(tuple(values))
        to_entry = partial(_to_entry, kind)
        return await statement.fetch(self._session, query.page, to_entry, row_id=row_id, table=kind.table, **values)

    async def get(self, kind: Audited, row_id: UUID, entry_id: HistoryEntryId) -> HistoryEntry:
        if not 0 < entry_id <= _LARGEST:
            raise _absent(kind, entry_id)
        record = await self._session.fetchrow(statements.ONE, row_id=row_id, table=kind.table, entry=entry_id)
        if record is None:
            raise _absent(kind, entry_id)
        return _to_entry(kind, tuple(record))

    async def of_version(self, kind: Audited, row_id: UUID, version: int) -> HistoryEntry:
        values = {"row_id": row_id, "table": kind.table, "version": str(version)}
        record = await self._session.fetchrow(statements.OF_VERSION, **values)
        if record is None:
            raise HistoryEntryNotFoundError(f"nothing brought this {kind.noun} to version {version}")
        return _to_entry(kind, tuple(record))

    async def knows(self, kind: Audited, row_id: UUID) -> bool:
        return await self._session.fetchrow(statements.ANY, row_id=row_id, table=kind.table) is not None

    async def find_deleted(self, kind: Audited, values: Mapping[str, str]) -> UUID | None:
        written = msgspec.json.encode(values).decode()
        record = await self._session.fetchrow(statements.deleted(kind.table), values=written)
        return record["row_id"] if record else None

    async def state(self, kind: Audited, row_id: UUID, *, before: HistoryEntryId | None = None) -> State | None:
        first = _LARGEST if before is None else min(before, _LARGEST)
        sql = statements.state_before(kind.table)
        return _to_state(kind, await self._session.fetchrow(sql, row_id=row_id, table=kind.table, first=first))

    async def as_of(self, kind: Audited, row_id: UUID, at: datetime) -> State | None:
        record = await self._session.fetchrow(statements.state_at(kind.table), row_id=row_id, table=kind.table, at=at)
        if record and record["kept_since"] and at < record["kept_since"]:
            raise HistoryPrunedError(f"the history is kept from {record['kept_since'].isoformat()} on only")
        return _to_state(kind, record)


def _absent(kind: Audited, entry_id: HistoryEntryId) -> HistoryEntryNotFoundError:
    return HistoryEntryNotFoundError(f"there is no entry {entry_id} in the history of this {kind.noun}")


def _values(kind: Audited, query: HistoryQuery) -> dict[str, Any]:
    given = {
        "actor": query.actor,
        "operation": query.operation,
        "at_from": query.at.start,
        "at_until": query.at.end,
        "column": kind.column(query.field) if query.field else None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _to_entry(kind: Audited, columns: tuple[Any, ...]) -> HistoryEntry:
    entry_id, at, actor, label, impersonator, request_id, role, operation, table, row_id, before, after = columns
    return HistoryEntry(
        id=HistoryEntryId(entry_id),
        at=at,
        actor=actor,
        actor_label=label,
        impersonator=impersonator,
        request_id=request_id,
        db_role=role,
        operation=Operation(operation),
        table=table,
        row_id=row_id,
        before=to_fields(kind, before),
        after=to_fields(kind, after),
    )


def _to_state(kind: Audited, record: asyncpg.Record | None) -> State | None:
    """The row as it is now, with what is undone in it; after a deletion nothing of now is in what was before."""
    if record is None or record["first"] == Operation.INSERT:
        return None
    undone = to_fields(kind, record["undone"])
    present = {} if record["deleted"] else to_fields(kind, record["present"])
    return without_secrets(kind, present | undone) or None
