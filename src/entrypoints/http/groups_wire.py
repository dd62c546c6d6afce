"""How groups look on the wire, coming in; going out they look as they are read (`GroupView`)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from application.access.views import GroupMemberOrder, GroupMemberQuery, GroupOrder, GroupQuery
from application.shared.page import Period
from domain.access.group import LONGEST_NAME, GroupChanges
from domain.shared.changes import UNCHANGED
from entrypoints.http.lists import PageQuery
from entrypoints.http.users_wire import Search, given
from entrypoints.http.wire import NO_NUL, in_utc

GroupName = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, examples=["Editors"])]
Permissions = Annotated[
    list[Annotated[str, Meta(max_length=100)]],
    Meta(max_length=100, description="What its members may do.", examples=[["projects.view", "projects.change"]]),
]
NameSearch = Annotated[str, Meta(max_length=200, pattern=NO_NUL, description="In the name.")]
Time = Annotated[datetime, Meta(tz=True)]


class CreateGroupRequest(Struct, forbid_unknown_fields=True):
    """`permissions`: no more than you have yourself."""

    name: GroupName
    permissions: Permissions = []


class ReplaceGroupRequest(Struct, forbid_unknown_fields=True):
    """Every field that a client writes."""

    name: GroupName
    permissions: Permissions

    def changes(self) -> GroupChanges:
        return GroupChanges(name=self.name, permissions=frozenset(self.permissions))


class ChangeGroupRequest(Struct, forbid_unknown_fields=True):
    """What is left out stays as it is."""

    name: GroupName | UnsetType = UNSET
    permissions: Permissions | UnsetType = UNSET

    def changes(self) -> GroupChanges:
        permissions = UNCHANGED if self.permissions is UNSET else frozenset(self.permissions)
        return GroupChanges(name=given(self.name), permissions=permissions)


class AddGroupMemberRequest(Struct, forbid_unknown_fields=True):
    """`user` is a user of the site."""

    user: UUID


class GroupListQuery(PageQuery, frozen=True):
    search: NameSearch | None = None
    member: Annotated[UUID, Meta(description="Only groups that this user is in.")] | None = None
    created_at__gte: Time | None = None
    created_at__lte: Time | None = None
    ordering: GroupOrder = GroupOrder.NAME

    def as_query(self) -> GroupQuery:
        return GroupQuery(
            page=self.slice,
            search=self.search or None,
            member=self.member,
            created=Period(
                start=in_utc("created_at__gte", self.created_at__gte),
                end=in_utc("created_at__lte", self.created_at__lte),
            ),
            ordering=self.ordering,
        )


class GroupMemberListQuery(PageQuery, frozen=True):
    search: Search | None = None
    ordering: GroupMemberOrder = GroupMemberOrder.USERNAME

    def as_query(self) -> GroupMemberQuery:
        return GroupMemberQuery(page=self.slice, search=self.search or None, ordering=self.ordering)
