from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from application.shared.page import ANY_TIME, FIRST_PAGE, PageRequest, Period
from domain.identity.user import User


@dataclass(frozen=True, slots=True)
class UserGroup:
    """A group that a user is in."""

    id: UUID
    name: str


@dataclass(slots=True)
class UserView:
    """A user as they are shown. `groups` are by name; on the platform there are none."""

    id: UUID
    username: str
    email: str
    first_name: str
    last_name: str
    is_active: bool
    is_admin: bool
    last_login_at: datetime | None
    groups: list[UserGroup]
    created_at: datetime
    updated_at: datetime
    created_by: UUID | None
    version: int

    @classmethod
    def of(cls, user: User, groups: list[UserGroup]) -> Self:
        return cls(
            id=user.id,
            username=user.username,
            email=user.email,
            first_name=user.first_name,
            last_name=user.last_name,
            is_active=user.is_active,
            is_admin=user.is_admin,
            last_login_at=user.last_login_at,
            groups=groups,
            created_at=user.created_at,
            updated_at=user.updated_at,
            created_by=user.created_by,
            version=user.version,
        )


class UserOrder(StrEnum):
    USERNAME = "username"
    USERNAME_DOWN = "-username"
    EMAIL = "email"
    EMAIL_DOWN = "-email"
    LAST_NAME = "last_name"
    LAST_NAME_DOWN = "-last_name"
    LAST_LOGIN_AT = "last_login_at"
    LAST_LOGIN_AT_DOWN = "-last_login_at"
    CREATED_AT = "created_at"
    CREATED_AT_DOWN = "-created_at"
    UPDATED_AT = "updated_at"
    UPDATED_AT_DOWN = "-updated_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserQuery:
    """Which users, in which order; None filters nothing. `search` looks in username, email and names.

    Who never signed in counts as later than all who did.
    """

    page: PageRequest = FIRST_PAGE
    search: str | None = None
    is_active: bool | None = None
    is_admin: bool | None = None
    group: UUID | None = None
    created: Period = ANY_TIME
    ordering: UserOrder = UserOrder.USERNAME
