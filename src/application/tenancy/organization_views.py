from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from application.shared.page import ANY_TIME, FIRST_PAGE, PageRequest, Period
from domain.shared.caller import Caller, Permission, UserId
from domain.tenancy.membership import MemberRole
from domain.tenancy.plan import Plan


@dataclass(frozen=True, slots=True)
class Onlooker:
    """Who looks at organizations: at all of them, or at those where `user_id` is an active member."""

    user_id: UserId | None
    sees_all: bool

    @classmethod
    def of(cls, caller: Caller) -> Self:
        if caller.may(Permission.ORGANIZATIONS_MANAGE):
            return cls(caller.user_id, sees_all=True)
        return cls(caller.require_user(), sees_all=False)


@dataclass(slots=True)
class OrganizationView:
    """An organization as it is shown.

    `member_count` is how many places of the plan are taken, `owner_count` how many owners are active, `site_count`
    how many sites are not deleted; `my_role` is null for an admin of the platform who is no active member.
    """

    id: UUID
    name: str
    slug: str
    description: str
    email: str
    website: str
    phone: str
    address: str
    plan: Plan
    max_sites: int
    max_members: int
    max_storage_bytes: int
    is_active: bool
    is_verified: bool
    verified_at: datetime | None
    settings: Mapping[str, Any]
    member_count: int
    owner_count: int
    site_count: int
    my_role: MemberRole | None
    created_at: datetime
    updated_at: datetime
    created_by: UUID | None
    version: int


class OrganizationOrder(StrEnum):
    NAME = "name"
    NAME_DOWN = "-name"
    SLUG = "slug"
    SLUG_DOWN = "-slug"
    CREATED_AT = "created_at"
    CREATED_AT_DOWN = "-created_at"
    UPDATED_AT = "updated_at"
    UPDATED_AT_DOWN = "-updated_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationQuery:
    """Which organizations, in which order; None filters nothing. `search` looks in name, slug and description."""

    page: PageRequest = FIRST_PAGE
    search: str | None = None
    plan: Plan | None = None
    is_active: bool | None = None
    is_verified: bool | None = None
    my_role: MemberRole | None = None
    created: Period = ANY_TIME
    ordering: OrganizationOrder = OrganizationOrder.NAME


@dataclass(slots=True)
class MemberUserView:
    """The user of the platform who is a member; `is_active` is whether the account is."""

    id: UUID
    username: str
    email: str
    full_name: str
    is_active: bool


@dataclass(slots=True)
class MemberView:
    """A member as it is shown. `sites` are the slugs of those it was granted; owners may enter all without."""

    id: UUID
    user: MemberUserView
    role: MemberRole
    title: str
    department: str
    phone: str
    is_active: bool
    joined_at: datetime
    last_active_at: datetime | None
    sites: list[str]
    created_at: datetime
    updated_at: datetime
    created_by: UUID | None
    version: int


class MemberOrder(StrEnum):
    USERNAME = "username"
    USERNAME_DOWN = "-username"
    ROLE = "role"
    ROLE_DOWN = "-role"
    JOINED_AT = "joined_at"
    JOINED_AT_DOWN = "-joined_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberQuery:
    """Which members of one organization, in which order; None filters nothing.

    `search` looks in username, email, first and last name, title and department.
    """

    page: PageRequest = FIRST_PAGE
    search: str | None = None
    role: MemberRole | None = None
    is_active: bool | None = None
    created: Period = ANY_TIME
    ordering: MemberOrder = MemberOrder.JOINED_AT
