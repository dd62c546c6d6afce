from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID

from application.audit.views import HistoryQuery, Prunable
from application.shared.page import Page
from domain.audit.entry import CannotRevertError, HistoryEntry, HistoryEntryId, State
from domain.shared.audited import Audited


class HistoryReader(Protocol):
    """What became of the rows of the schema in whose name this runs."""

    async def page(self, kind: Audited, row_id: UUID, query: HistoryQuery) -> Page[HistoryEntry]:
        """Newest first."""
        ...

    async def get(self, kind: Audited, row_id: UUID, entry_id: HistoryEntryId) -> HistoryEntry:
        """Raise `HistoryEntryNotFoundError` if the row has no such entry."""
        ...

    async def of_version(self, kind: Audited, row_id: UUID, version: int) -> HistoryEntry:
        """The newest one that brought the row to that version. Raise as `get`."""
        ...

    async def knows(self, kind: Audited, row_id: UUID) -> bool:
        """Whether there is any entry of the row."""
        ...

    async def find_deleted(self, kind: Audited, values: Mapping[str, str]) -> UUID | None:
        """The row that had these values, by the names of columns, and was deleted last."""
        ...

    async def state(self, kind: Audited, row_id: UUID, *, before: HistoryEntryId | None = None) -> State | None:
        """The row as it was before that entry and all later ones; None: it was not there. By default: as it is now."""
        ...

    async def as_of(self, kind: Audited, row_id: UUID, at: datetime) -> State | None:
        """The row at a time, with all of every transaction that had begun by then; None: it was not there.

        So one that began before and ended after counts, though nobody could see its changes at that time.
        Raise `HistoryPrunedError` if the history does not go back so far.
        """
        ...


class HistoryPruning(Protocol):
    """The one way in which anything leaves the history of a schema."""

    async def plan(self, before: datetime) -> Prunable: ...

    async def prune(self, plan: Prunable, *, at_most: int) -> int:
        """Delete so many of the oldest, and note from when on the history is whole; how many there were.

        Inside a transaction. Safe to repeat.
        """
        ...


class TrackedResource(Protocol):
    """A resource whose history is shown: who may see it, and what going back means for it."""

    kind: ClassVar[Audited]

    async def locate(self, key: Mapping[str, Any]) -> UUID:
        """The row that a path leads to, for whoever may view it now; one that is gone, for whoever may view all.

        `key` are the parameters of the path. Raise what reading the resource raises.
        """
        ...

    def is_gone(self, state: State) -> bool:  # noqa: ARG002  by default a row is a resource
        """Whether the resource is not there though its row is."""
        return False

    def told(self, entry: HistoryEntry) -> HistoryEntry:
        """What of an entry the caller may see: by default all of it."""
        return entry

    def seen_at(self, state: State, at: datetime) -> State:  # noqa: ARG002  by default the time changes nothing
        """A state with the fields that follow from the time of looking."""
        return state

    async def change(self, key: Mapping[str, Any], values: Mapping[str, Any], seen: frozenset[int] | None) -> int:  # noqa: ARG002  by default nothing is written
        """Write these fields in the way that a partial update does; the new version. Raise what that raises.

        A kind without `writable` fields needs none: what goes back has nothing to write, and is refused before.
        """
        raise CannotRevertError(f"nothing of a {self.kind.noun} is written by going back")

    async def recreate(self, row_id: UUID, state: State) -> int:  # noqa: ARG002  by default none comes back
        """Make what is gone anew, under its id; its version. Raise `CannotRevertError` where that makes no sense."""
        raise CannotRevertError(self.kind.stays_gone)
