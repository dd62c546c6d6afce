from operator import attrgetter
from uuid import UUID

from adapters.memory.paging import page_of
from adapters.memory.scoped import OfSite
from adapters.memory.users import is_found
from application.access.ports import GroupMemberReader, GroupMemberRepository, GroupReader, GroupRepository
from application.access.views import (
    GroupMemberQuery,
    GroupMemberUser,
    GroupMemberView,
    GroupQuery,
    GroupView,
)
from application.shared.page import Page
from domain.access.group import (
    Group,
    GroupId,
    GroupMember,
    GroupMemberExistsError,
    GroupMemberNotFoundError,
    GroupNameTakenError,
    GroupNotFoundError,
    UnknownMemberError,
    name_key,
)
from domain.shared.caller import UserId
from domain.shared.errors import StaleError


class MemoryGroupRepository(OfSite, GroupRepository):
    async def add(self, group: Group) -> None:
        if group.id in self._tables.groups:
            raise StaleError(f"there is a group {group.id} again")
        self._put(group)

    def _put(self, group: Group) -> None:
        others = [other for other in self._tables.groups.values() if other.id != group.id]
        if any(name_key(other.name) == name_key(group.name) for other in others):
            raise GroupNameTakenError(f"there is a group {group.name!r} already")
        self._tables.groups[group.id] = group

    async def get(self, group_id: GroupId) -> Group:
        if (group := self._tables.groups.get(group_id)) is None:
            raise GroupNotFoundError(f"there is no group {group_id}")
        return group

    async def save(self, group: Group) -> None:
        await self.get(group.id)
        self._put(group)

    async def remove(self, group_id: GroupId) -> None:
        await self.get(group_id)
        tables = self._tables
        del tables.groups[group_id]
        tables.group_members = {key: one for key, one in tables.group_members.items() if one.group_id != group_id}
        tables.grants = {key: one for key, one in tables.grants.items() if one.group != group_id}


class MemoryGroupMemberRepository(OfSite, GroupMemberRepository):
    async def add(self, member: GroupMember) -> None:
        if member.group_id not in self._tables.groups:
            raise GroupNotFoundError(f"there is no group {member.group_id}")
        if member.user_id not in self._tables.users:
            raise UnknownMemberError
        key = (member.group_id, member.user_id)
        if key in self._tables.group_members:
            raise GroupMemberExistsError("this user is a member already")
        self._tables.group_members[key] = member

    async def remove(self, group_id: GroupId, user_id: UserId) -> None:
        if self._tables.group_members.pop((group_id, user_id), None) is None:
            raise GroupMemberNotFoundError(f"{user_id} is no member of this group")


class MemoryGroupReader(OfSite, GroupReader):
    async def page(self, query: GroupQuery) -> Page[GroupView]:
        found = [group for group in self._tables.groups.values() if self._matches(group, query)]
        key = query.ordering.value.removeprefix("-")
        found.sort(key=attrgetter(key, "id"), reverse=query.ordering.value.startswith("-"))
        return page_of([GroupView.of(group, self._ids(group.id)) for group in found], query.page)

    async def get(self, group_id: GroupId) -> GroupView:
        group = await MemoryGroupRepository(self._database, self._scope).get(group_id)
        return GroupView.of(group, self._ids(group_id))

    async def member_ids(self, group_id: GroupId) -> list[UUID]:
        return self._ids(group_id)

    def _ids(self, group_id: GroupId) -> list[UUID]:
        return sorted(one.user_id for one in self._tables.group_members.values() if one.group_id == group_id)

    def _matches(self, group: Group, query: GroupQuery) -> bool:
        return (
            (query.search is None or query.search.casefold() in group.name.casefold())
            and (query.member is None or query.member in self._ids(group.id))
            and (query.created.start is None or query.created.start <= group.created_at)
            and (query.created.end is None or group.created_at <= query.created.end)
        )


class MemoryGroupMemberReader(OfSite, GroupMemberReader):
    async def page(self, group_id: GroupId, query: GroupMemberQuery) -> Page[GroupMemberView]:
        members = [one for one in self._tables.group_members.values() if one.group_id == group_id]
        found = [one for one in members if is_found(self._tables.users[one.user_id], query.search)]
        views = [self._to_view(one) for one in found]
        by_name = query.ordering.value.endswith("username")
        views.sort(
            key=lambda one: (one.user.username if by_name else one.created_at, one.id),
            reverse=query.ordering.value.startswith("-"),
        )
        return page_of(views, query.page)

    async def get(self, group_id: GroupId, user_id: UserId) -> GroupMemberView:
        if (member := self._tables.group_members.get((group_id, user_id))) is None:
            raise GroupMemberNotFoundError(f"{user_id} is no member of this group")
        return self._to_view(member)

    def _to_view(self, member: GroupMember) -> GroupMemberView:
        user = self._tables.users[member.user_id]
        full_name = f"{user.first_name} {user.last_name}".strip(" ")
        shown = GroupMemberUser(user.id, user.username, user.email, full_name, user.is_active)
        return GroupMemberView(member.id, shown, member.created_at, member.created_by)
