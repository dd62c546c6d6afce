from collections.abc import Collection
from dataclasses import dataclass

from application.access.group_authority import GroupAuthority
from application.access.ports import GroupRepository
from application.shared.ports import Clock, NewId, UnitOfWork
from domain.access.group import Group, GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateGroup:
    """Make a group, empty, that gives no more than the caller has."""

    authority: GroupAuthority
    groups: GroupRepository
    work: UnitOfWork
    clock: Clock
    new_id: NewId

    async def __call__(self, *, name: str, permissions: Collection[str]) -> Group:
        self.authority.require_manager()
        now = self.clock()
        group = Group(
            id=GroupId(self.new_id()),
            name=name,
            permissions=frozenset(permissions),
            created_at=now,
            updated_at=now,
            created_by=self.authority.caller.user_id,
        )
        self.authority.require_all(group.permissions)
        async with self.work:
            await self.groups.add(group)
        return group
