from dataclasses import dataclass

from application.access.group_authority import GroupAuthority
from application.access.ports import GroupMemberReader, GroupReader
from application.access.views import GroupMemberQuery, GroupMemberView, GroupQuery, GroupView
from application.shared.page import Page
from domain.access.group import GroupId
from domain.shared.caller import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ListGroups:
    """The groups of the caller's site that match, one page of them."""

    authority: GroupAuthority
    reader: GroupReader

    async def __call__(self, query: GroupQuery) -> Page[GroupView]:
        self.authority.require_viewer()
        return await self.reader.page(query)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowGroup:
    """One group of the caller's site."""

    authority: GroupAuthority
    reader: GroupReader

    async def __call__(self, *, group_id: GroupId) -> GroupView:
        self.authority.require_viewer()
        return await self.reader.get(group_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListGroupMembers:
    """The members of a group, one page of them."""

    authority: GroupAuthority
    groups: GroupReader
    members: GroupMemberReader

    async def __call__(self, *, group_id: GroupId, query: GroupMemberQuery) -> Page[GroupMemberView]:
        self.authority.require_viewer()
        await self.groups.get(group_id)
        return await self.members.page(group_id, query)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowGroupMember:
    """One member of a group."""

    authority: GroupAuthority
    groups: GroupReader
    members: GroupMemberReader

    async def __call__(self, *, group_id: GroupId, user_id: UserId) -> GroupMemberView:
        self.authority.require_viewer()
        await self.groups.get(group_id)
        return await self.members.get(group_id, user_id)
