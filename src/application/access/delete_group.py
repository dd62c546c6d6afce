from dataclasses import dataclass

from application.access.group_authority import GroupAuthority
from application.access.ports import GroupRepository
from application.shared.ports import UnitOfWork
from domain.access.group import GroupId
from domain.shared.versions import require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteGroup:
    """Delete a group with its memberships; what it gave is gone within 5 seconds.

    With `seen`, only at one of these versions.
    """

    authority: GroupAuthority
    groups: GroupRepository
    work: UnitOfWork

    async def __call__(self, *, group_id: GroupId, seen: frozenset[int] | None) -> None:
        self.authority.require_manager()
        async with self.work:
            group = await self.groups.get(group_id)
            require_version(group.version, seen)
            await self.groups.remove(group_id)
