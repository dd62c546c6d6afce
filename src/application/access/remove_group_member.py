from dataclasses import dataclass

from application.access.group_authority import GroupAuthority
from application.access.ports import GroupMemberRepository, GroupRepository
from application.shared.ports import UnitOfWork
from domain.access.group import GroupId
from domain.shared.caller import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveGroupMember:
    """Take a user out of a group; what it gave them is gone within 5 seconds."""

    authority: GroupAuthority
    groups: GroupRepository
    members: GroupMemberRepository
    work: UnitOfWork

    async def __call__(self, *, group_id: GroupId, user_id: UserId) -> None:
        self.authority.require_manager()
        async with self.work:
            group = await self.groups.get(group_id)
            await self.members.remove(group.id, user_id)
