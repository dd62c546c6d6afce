from dataclasses import dataclass

from application.access.group_authority import GroupAuthority
from application.access.ports import GroupReader, GroupRepository
from application.access.views import GroupView
from application.shared.ports import Clock, UnitOfWork
from domain.access.group import GroupChanges, GroupId
from domain.shared.versions import require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeGroup:
    """Change a group's name or permissions; the latter takes all permissions that it had and will have.

    Its members get and lose them within 5 seconds. With `seen`, only at one of these versions.
    """

    authority: GroupAuthority
    groups: GroupRepository
    reader: GroupReader
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, group_id: GroupId, changes: GroupChanges, seen: frozenset[int] | None) -> GroupView:
        self.authority.require_manager()
        async with self.work:
            group = await self.groups.get(group_id)
            require_version(group.version, seen)
            wanted = group.change(changes, at=self.clock())
            if wanted.permissions != group.permissions:
                self.authority.require_all(group.permissions | wanted.permissions)
            await self.groups.save(wanted)
            return GroupView.of(wanted, await self.reader.member_ids(group_id))
