from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from adapters.memory.differences import row_of
from adapters.memory.paging import page_of
from adapters.memory.scoped import Scoped
from application.audit.ports import HistoryPruning, HistoryReader
from application.audit.views import HistoryQuery, Prunable
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


class MemoryHistoryReader(Scoped, HistoryReader):
    async def page(self, kind: Audited, row_id: UUID, query: HistoryQuery) -> Page[HistoryEntry]:
        return page_of([entry for entry in reversed(self._of(kind, row_id)) if _matches(entry, query)], query.page)

    async def get(self, kind: Audited, row_id: UUID, entry_id: HistoryEntryId) -> HistoryEntry:
        for entry in self._of(kind, row_id):
            if entry.id == entry_id:
                return entry
        raise HistoryEntryNotFoundError(f"there is no entry {entry_id} in the history of this {kind.noun}")

    async def of_version(self, kind: Audited, row_id: UUID, version: int) -> HistoryEntry:
        for entry in reversed(self._of(kind, row_id)):
            if entry.after.get("version") == version:
                return entry
        raise HistoryEntryNotFoundError(f"nothing brought this {kind.noun} to version {version}")

    async def knows(self, kind: Audited, row_id: UUID) -> bool:
        return bool(self._of(kind, row_id))

    async def find_deleted(self, kind: Audited, values: Mapping[str, str]) -> UUID | None:
        for entry in reversed(self._tables.history):
            if (
                entry.table == kind.table
                and entry.operation is Operation.DELETE
                and values.items() <= entry.before.items()
            ):
                return entry.row_id
        return None

    async def state(self, kind: Audited, row_id: UUID, *, before: HistoryEntryId | None = None) -> State | None:
        undone = [entry for entry in self._of(kind, row_id) if before is not None and entry.id >= before]
        if undone and undone[0].operation is Operation.INSERT:
            return None
        rows = self._database.tables(self._tables).get(kind.table, {})
        present = next((one for one in rows.values() if one.id == row_id), None)
        state = {} if present is None else row_of(present)
        for entry in reversed(undone):
            state = {**({} if entry.operation is Operation.DELETE else state), **entry.before}
        return {name: value for name, value in state.items() if name not in kind.secret} or None

    async def as_of(self, kind: Audited, row_id: UUID, at: datetime) -> State | None:
        kept_since = self._tables.kept_since
        if kept_since is not None and at < kept_since:
            raise HistoryPrunedError(f"the history is kept from {kept_since.isoformat()} on only")
        later = next((entry.id for entry in self._of(kind, row_id) if entry.at > at), None)
        return await self.state(kind, row_id, before=later)

    def _of(self, kind: Audited, row_id: UUID) -> list[HistoryEntry]:
        found = [entry for entry in self._tables.history if (entry.table, entry.row_id) == (kind.table, row_id)]
        return [replace(one, before=_renamed(kind, one.before), after=_renamed(kind, one.after)) for one in found]


class MemoryHistoryPruning(Scoped, HistoryPruning):
    async def plan(self, before: datetime) -> Prunable:
        kept = [entry.id for entry in self._tables.history if entry.at >= before]
        first_kept = min(kept, default=self._database.entries + 1)
        return Prunable(before, first_kept, sum(entry.id < first_kept for entry in self._tables.history))

    async def prune(self, plan: Prunable, *, at_most: int) -> int:
        tables = self._tables
        tables.kept_since = max(tables.kept_since or plan.before, plan.before)
        going = [entry for entry in tables.history if entry.id < plan.first_kept][:at_most]
        tables.history = [entry for entry in tables.history if entry not in going]
        return len(going)


def _renamed(kind: Audited, values: State) -> State:
    return {kind.field(name): value for name, value in values.items()}


def _matches(entry: HistoryEntry, query: HistoryQuery) -> bool:
    return (
        query.actor in (None, entry.actor)
        and query.operation in (None, entry.operation)
        and (query.field is None or query.field in entry.before or query.field in entry.after)
        and (query.at.start is None or query.at.start <= entry.at)
        and (query.at.end is None or entry.at <= query.at.end)
    )
