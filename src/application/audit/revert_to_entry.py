from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from application.audit.ports import HistoryReader, TrackedResource
from application.audit.views import HistoryEntryView
from domain.audit.entry import (
    CannotRevertError,
    HistoryEntry,
    HistoryEntryId,
    NothingToRevertError,
    Operation,
    State,
    to_write,
)
from domain.shared.errors import InvalidError, StaleError
from domain.shared.versions import require_version

_ATTEMPTS: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class RevertToEntry:
    """Make the fields that clients write what they were after an entry; of a delete entry: before it.

    It is what a partial update of these fields is, with its rules and permissions, and leaves an entry of its own,
    which is returned. What was deleted since is made anew, under its id, where its kind allows that. What is no sound
    input any more, as an owner who is gone, cannot be gone back to.
    With `seen`, only if the resource still is at one of these versions; without, what others change at the same time
    is looked at again, so nothing is lost unseen.
    """

    history: HistoryReader

    async def __call__(
        self,
        resource: TrackedResource,
        *,
        key: Mapping[str, Any],
        entry_id: HistoryEntryId,
        seen: frozenset[int] | None,
    ) -> HistoryEntryView:
        row_id = await resource.locate(key)
        entry = await self.history.get(resource.kind, row_id, entry_id)
        then = await self.history.state(resource.kind, row_id, before=_first_undone(entry))
        if then is None or resource.is_gone(then):
            raise NothingToRevertError(f"there was no {resource.kind.noun} then")
        version = await self._written(resource, key, row_id, then, seen)
        return HistoryEntryView.of(await self.history.of_version(resource.kind, row_id, version), resource.kind)

    async def _written(
        self,
        resource: TrackedResource,
        key: Mapping[str, Any],
        row_id: UUID,
        then: State,
        seen: frozenset[int] | None,
    ) -> int:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return await self._attempted(resource, key, row_id, then, seen)
            except StaleError:
                if seen is not None or attempt == _ATTEMPTS:
                    raise
            except InvalidError as error:
                raise CannotRevertError(f"what the {resource.kind.noun} was then is refused now: {error}") from error
        raise AssertionError("the last attempt returns or raises")

    async def _attempted(
        self,
        resource: TrackedResource,
        key: Mapping[str, Any],
        row_id: UUID,
        then: State,
        seen: frozenset[int] | None,
    ) -> int:
        now = await self.history.state(resource.kind, row_id)
        if now is None:
            if seen is not None:
                raise StaleError(f"the {resource.kind.noun} is not there any more")
            if unknown := [name for name in resource.kind.writable if name not in then]:
                raise CannotRevertError(f"nobody kept {' and '.join(unknown)} of this {resource.kind.noun}")
            return await resource.recreate(row_id, then)
        if resource.is_gone(now):
            raise CannotRevertError(f"a {resource.kind.noun} that was deleted stays so")
        require_version(now["version"], seen)
        values = to_write(resource.kind, then=then, now=now)
        return await resource.change(key, values, frozenset({now["version"]}))


def _first_undone(entry: HistoryEntry) -> HistoryEntryId:
    return entry.id if entry.operation is Operation.DELETE else HistoryEntryId(entry.id + 1)
