"""How members look on the wire, coming in; going out they look as they are read (`MemberView`)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from application.shared.page import Period
from application.tenancy.organization_views import MemberOrder, MemberQuery
from domain.tenancy.membership import MemberChanges, MemberRole
from entrypoints.http.lists import PageQuery
from entrypoints.http.wire import NO_NUL, in_utc

Title = Annotated[str, Meta(max_length=100, examples=["Head of sales"])]
Department = Annotated[str, Meta(max_length=100, examples=["Sales"])]
Phone = Annotated[str, Meta(max_length=50)]
Search = Annotated[
    str,
    Meta(max_length=200, pattern=NO_NUL, description="In username, email, full name, title and department."),
]
Time = Annotated[datetime, Meta(tz=True)]


class AddMemberRequest(Struct, forbid_unknown_fields=True):
    """`user_id` is a user of the platform."""

    user_id: UUID
    role: MemberRole = MemberRole.MEMBER


class ChangeMemberRequest(Struct, forbid_unknown_fields=True):
    """What is left out stays as it is. Nobody writes their own `role` and `is_active`."""

    role: MemberRole | UnsetType = UNSET
    title: Title | UnsetType = UNSET
    department: Department | UnsetType = UNSET
    phone: Phone | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET

    def changes(self) -> MemberChanges:
        return _changes(self)


class ReplaceMemberRequest(Struct, forbid_unknown_fields=True):
    """Every field; one's own `role` and `is_active` as they are."""

    role: MemberRole
    title: Title
    department: Department
    phone: Phone
    is_active: bool

    def changes(self) -> MemberChanges:
        return _changes(self)


class MemberListQuery(PageQuery, frozen=True):
    search: Search | None = None
    role: MemberRole | None = None
    is_active: bool | None = None
    created_at__gte: Time | None = None
    created_at__lte: Time | None = None
    ordering: MemberOrder = MemberOrder.JOINED_AT

    def as_query(self) -> MemberQuery:
        return MemberQuery(
            page=self.slice,
            search=self.search or None,
            role=self.role,
            is_active=self.is_active,
            created=Period(
                start=in_utc("created_at__gte", self.created_at__gte),
                end=in_utc("created_at__lte", self.created_at__lte),
            ),
            ordering=self.ordering,
        )


def _changes(request: ChangeMemberRequest | ReplaceMemberRequest) -> MemberChanges:
    """The fields have the same names on the wire."""
    return MemberChanges(**{name: value for name, value in structs.asdict(request).items() if value is not UNSET})
