from dataclasses import dataclass, replace

from application.access.group_authority import GroupAuthority
from application.access.ports import GroupRepository
from application.shared.ports import Clock, UnitOfWork
from domain.access.group import Group


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreGroup:
    """Make a group again that was deleted, under its id, empty, giving no more than the caller has."""

    authority: GroupAuthority
    groups: GroupRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, group: Group) -> Group:
        self.authority.require_manager()
        self.authority.require_all(group.permissions)
        restored = replace(group, updated_at=self.clock(), version=group.version + 1)
        async with self.work:
            await self.groups.add(restored)
        return restored
