from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from application.audit.ports import HistoryReader, TrackedResource
from application.audit.views import HistoryEntryView, HistoryQuery
from application.shared.page import Page
from application.shared.ports import Clock
from domain.audit.entry import HistoryEntryId, NotThenError, shown
from domain.shared.errors import InvalidError


@dataclass(frozen=True, slots=True, kw_only=True)
class ListHistory:
    """The changes of one row that match, newest first, for whoever may view it; one page of them."""

    history: HistoryReader

    async def __call__(
        self, resource: TrackedResource, *, key: Mapping[str, Any], query: HistoryQuery
    ) -> Page[HistoryEntryView]:
        kind = resource.kind
        if query.field is not None and query.field not in (*kind.shown, *kind.secret):
            raise InvalidError({"field": [f"must be one of {', '.join((*kind.shown, *kind.secret))}"]})
        page = await self.history.page(kind, await resource.locate(key), query)
        return Page(page.count, [HistoryEntryView.of(resource.told(entry), kind) for entry in page.results])


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowHistoryEntry:
    """One change of one row, for whoever may view it."""

    history: HistoryReader

    async def __call__(
        self, resource: TrackedResource, *, key: Mapping[str, Any], entry_id: HistoryEntryId
    ) -> HistoryEntryView:
        entry = await self.history.get(resource.kind, await resource.locate(key), entry_id)
        return HistoryEntryView.of(resource.told(entry), resource.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowPast:
    """The fields of one row as they were at a time, for whoever may view it now; of a row that is gone too."""

    history: HistoryReader
    clock: Clock

    async def __call__(self, resource: TrackedResource, *, key: Mapping[str, Any], at: datetime) -> dict[str, Any]:
        if at > self.clock():
            raise InvalidError({"as_of": ["is in the future"]})
        state = await self.history.as_of(resource.kind, await resource.locate(key), at)
        if state is None or resource.is_gone(state):
            raise NotThenError(f"there was no such {resource.kind.noun} at {at.isoformat()}")
        return shown(resource.kind, resource.seen_at(state, at))
