"""How users look on the wire, coming in; going out they look as they are read (`UserView`)."""

from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from application.identity.user_views import UserOrder, UserQuery
from application.shared.page import Period
from domain.identity.user import LONGEST_USERNAME, UserChanges
from domain.shared.changes import UNCHANGED, Unchanged
from entrypoints.http.identity_wire import Password
from entrypoints.http.lists import PageQuery
from entrypoints.http.wire import NO_NUL, in_utc

T = TypeVar("T")

Username = Annotated[str, Meta(min_length=1, max_length=LONGEST_USERNAME, examples=["grace"])]
Email = Annotated[str, Meta(min_length=1, max_length=254, examples=["grace@example.org"])]
PersonName = Annotated[str, Meta(max_length=150)]
Search = Annotated[str, Meta(max_length=200, pattern=NO_NUL, description="In username, email and names.")]
Time = Annotated[datetime, Meta(tz=True)]


def given(value: T | UnsetType) -> T | Unchanged:
    return UNCHANGED if value is UNSET else value


class CreateUserRequest(Struct, forbid_unknown_fields=True):
    """`password` is never shown again. To set `is_admin` takes an admin."""

    username: Username
    email: Email
    password: Password
    first_name: PersonName = ""
    last_name: PersonName = ""
    is_active: bool = True
    is_admin: bool = False


class ReplaceUserRequest(Struct, forbid_unknown_fields=True):
    """Every field that a client writes; the password stays unless one is given."""

    username: Username
    email: Email
    first_name: PersonName
    last_name: PersonName
    is_active: bool
    is_admin: bool
    password: Password | UnsetType = UNSET

    def changes(self) -> UserChanges:
        return UserChanges(
            username=self.username,
            email=self.email,
            first_name=self.first_name,
            last_name=self.last_name,
            is_active=self.is_active,
            is_admin=self.is_admin,
        )


class ChangeUserRequest(Struct, forbid_unknown_fields=True):
    """What is left out stays as it is."""

    username: Username | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    first_name: PersonName | UnsetType = UNSET
    last_name: PersonName | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    is_admin: bool | UnsetType = UNSET
    password: Password | UnsetType = UNSET

    def changes(self) -> UserChanges:
        return UserChanges(
            username=given(self.username),
            email=given(self.email),
            first_name=given(self.first_name),
            last_name=given(self.last_name),
            is_active=given(self.is_active),
            is_admin=given(self.is_admin),
        )


class ReplaceProfileRequest(Struct, forbid_unknown_fields=True):
    """`current_password` is needed where the email changes."""

    email: Email
    first_name: PersonName
    last_name: PersonName
    current_password: Password | UnsetType = UNSET


class ChangeProfileRequest(Struct, forbid_unknown_fields=True):
    """What is left out stays as it is. `current_password` is needed where the email changes."""

    email: Email | UnsetType = UNSET
    first_name: PersonName | UnsetType = UNSET
    last_name: PersonName | UnsetType = UNSET
    current_password: Password | UnsetType = UNSET


class UserListQuery(PageQuery, frozen=True):
    search: Search | None = None
    is_active: bool | None = None
    is_admin: bool | None = None
    group: Annotated[UUID, Meta(description="Only members of this group.")] | None = None
    created_at__gte: Time | None = None
    created_at__lte: Time | None = None
    ordering: UserOrder = UserOrder.USERNAME

    def as_query(self) -> UserQuery:
        return UserQuery(
            page=self.slice,
            search=self.search or None,
            is_active=self.is_active,
            is_admin=self.is_admin,
            group=self.group,
            created=Period(
                start=in_utc("created_at__gte", self.created_at__gte),
                end=in_utc("created_at__lte", self.created_at__lte),
            ),
            ordering=self.ordering,
        )
