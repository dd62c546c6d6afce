from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

from application.access.change_group import ChangeGroup
from application.access.group_authority import GroupAuthority
from application.access.ports import GroupReader
from application.access.restore_group import RestoreGroup
from application.audit.ports import HistoryReader, TrackedResource
from domain.access.audited import GROUP_HISTORY
from domain.access.group import Group, GroupChanges, GroupId, GroupNotFoundError
from domain.audit.entry import State, typed
from domain.shared.audited import Audited
from domain.shared.caller import GROUP_PERMISSIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupHistory(TrackedResource):
    """For whoever may view groups, of deleted ones too."""

    authority: GroupAuthority
    reader: GroupReader
    history: HistoryReader
    change_group: ChangeGroup
    restore_group: RestoreGroup
    kind: ClassVar[Audited] = GROUP_HISTORY

    async def locate(self, key: Mapping[str, Any]) -> UUID:
        self.authority.require_viewer()
        group_id = GroupId(key["group_id"])
        try:
            await self.reader.get(group_id)
        except GroupNotFoundError:
            if not await self.history.knows(self.kind, group_id):
                raise
        return group_id

    async def change(self, key: Mapping[str, Any], values: Mapping[str, Any], seen: frozenset[int] | None) -> int:
        changes = GroupChanges(**typed(values, _TYPES))
        return (await self.change_group(group_id=GroupId(key["group_id"]), changes=changes, seen=seen)).version

    async def recreate(self, row_id: UUID, state: State) -> int:  # noqa: ARG002  the state has it too
        group = Group(**typed({name: state[name] for name in self.kind.shown}, _TYPES))
        return (await self.restore_group(group=group)).version


_TYPES: Final[dict[str, Callable[[Any], object]]] = {
    "id": UUID,
    "permissions": GROUP_PERMISSIONS.intersection,
    "created_by": UUID,
}
"""Permissions of another release mean nothing here."""
