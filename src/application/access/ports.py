from typing import Protocol
from uuid import UUID

from application.access.views import GroupMemberQuery, GroupMemberView, GroupQuery, GroupView
from application.shared.page import Page
from domain.access.group import Group, GroupId, GroupMember
from domain.shared.caller import UserId


class GroupRepository(Protocol):
    """The groups of the site in whose name this runs."""

    async def add(self, group: Group) -> None:
        """Raise `GroupNameTakenError`, or `StaleError` if there is one of its id.

        `domain.access.group.name_key` says which names are the same.
        """
        ...

    async def get(self, group_id: GroupId) -> Group:
        """Lock it until the transaction ends. Raise `GroupNotFoundError` if there is none."""
        ...

    async def save(self, group: Group) -> None:
        """Raise `GroupNameTakenError` as `add`, `GroupNotFoundError` if it has gone."""
        ...

    async def remove(self, group_id: GroupId) -> None:
        """With its memberships. Raise `GroupNotFoundError` if there is none."""
        ...


class GroupMemberRepository(Protocol):
    """Who is in which group of the site."""

    async def add(self, member: GroupMember) -> None:
        """Raise `GroupMemberExistsError`, or `UnknownMemberError` for who is no user of the site."""
        ...

    async def remove(self, group_id: GroupId, user_id: UserId) -> None:
        """Raise `GroupMemberNotFoundError` if the user is not in the group."""
        ...


class GroupReader(Protocol):
    """The groups of the site, as they are shown."""

    async def page(self, query: GroupQuery) -> Page[GroupView]: ...

    async def get(self, group_id: GroupId) -> GroupView:
        """Raise `GroupNotFoundError` if the site has no such group."""
        ...

    async def member_ids(self, group_id: GroupId) -> list[UUID]: ...


class GroupMemberReader(Protocol):
    """The members of the site's groups, as they are shown."""

    async def page(self, group_id: GroupId, query: GroupMemberQuery) -> Page[GroupMemberView]: ...

    async def get(self, group_id: GroupId, user_id: UserId) -> GroupMemberView:
        """Raise `GroupMemberNotFoundError` if the user is not in the group."""
        ...
