from dataclasses import dataclass

from application.access.group_authority import GroupAuthority
from application.access.object_reach import ObjectReach
from application.access.ports import GroupMemberReader, GroupMemberRepository, GroupRepository
from application.access.views import GroupMemberView
from application.shared.ports import Clock, NewId, UnitOfWork
from domain.access.group import GroupId, GroupMember, GroupMemberId
from domain.shared.caller import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class AddGroupMember:
    """Put a user of the site into a group.

    Nobody gives what they do not have, themself included: neither a permission of the group, nor what was granted to
    it on a single object.
    """

    authority: GroupAuthority
    reach: ObjectReach
    groups: GroupRepository
    members: GroupMemberRepository
    reader: GroupMemberReader
    work: UnitOfWork
    clock: Clock
    new_id: NewId

    async def __call__(self, *, group_id: GroupId, user_id: UserId) -> GroupMemberView:
        self.authority.require_manager()
        async with self.work:
            group = await self.groups.get(group_id)
            self.authority.require_all(group.permissions)
            await self.reach.require_all_of_group(group.id)
            member = GroupMember(
                id=GroupMemberId(self.new_id()),
                group_id=group.id,
                user_id=user_id,
                created_at=self.clock(),
                created_by=self.authority.caller.user_id,
            )
            await self.members.add(member)
            return await self.reader.get(group.id, user_id)
