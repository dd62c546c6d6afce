from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from application.shared.page import ANY_TIME, FIRST_PAGE, PageRequest, Period
from domain.access.group import Group


@dataclass(slots=True)
class GroupView:
    """A group as it is shown. `members` are user ids of the same site."""

    id: UUID
    name: str
    permissions: list[str]
    members: list[UUID]
    created_at: datetime
    updated_at: datetime
    created_by: UUID | None
    version: int

    @classmethod
    def of(cls, group: Group, members: list[UUID]) -> Self:
        return cls(
            id=group.id,
            name=group.name,
            permissions=sorted(str(one) for one in group.permissions),
            members=members,
            created_at=group.created_at,
            updated_at=group.updated_at,
            created_by=group.created_by,
            version=group.version,
        )


@dataclass(frozen=True, slots=True)
class GroupMemberUser:
    """Who a member is."""

    id: UUID
    username: str
    email: str
    full_name: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class GroupMemberView:
    """A member of a group, since when, and who made them one."""

    id: UUID
    user: GroupMemberUser
    created_at: datetime
    created_by: UUID | None


class GroupOrder(StrEnum):
    NAME = "name"
    NAME_DOWN = "-name"
    CREATED_AT = "created_at"
    CREATED_AT_DOWN = "-created_at"
    UPDATED_AT = "updated_at"
    UPDATED_AT_DOWN = "-updated_at"


class GroupMemberOrder(StrEnum):
    USERNAME = "username"
    USERNAME_DOWN = "-username"
    CREATED_AT = "created_at"
    CREATED_AT_DOWN = "-created_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupQuery:
    """Which groups, in which order; None filters nothing. `search` looks in the name."""

    page: PageRequest = FIRST_PAGE
    search: str | None = None
    member: UUID | None = None
    created: Period = ANY_TIME
    ordering: GroupOrder = GroupOrder.NAME


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMemberQuery:
    """Which members of a group, in which order. `search` looks in username, email and names."""

    page: PageRequest = FIRST_PAGE
    search: str | None = None
    ordering: GroupMemberOrder = GroupMemberOrder.USERNAME
