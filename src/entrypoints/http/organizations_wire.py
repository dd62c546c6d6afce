"""How organizations look on the wire, coming in; going out they look as they are read (`OrganizationView`)."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from application.shared.page import Period
from application.tenancy.organization_views import OrganizationOrder, OrganizationQuery
from domain.tenancy.membership import MemberRole
from domain.tenancy.organization import LONGEST_NAME, OrganizationChanges
from domain.tenancy.plan import Plan
from entrypoints.http.lists import PageQuery
from entrypoints.http.wire import NO_NUL, in_utc

Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, examples=["Acme Ltd"])]
Description = Annotated[str, Meta(max_length=20_000)]
Email = Annotated[str, Meta(max_length=254, examples=["office@acme.example"])]
Website = Annotated[str, Meta(max_length=2000, examples=["https://acme.example"])]
Phone = Annotated[str, Meta(max_length=50)]
Address = Annotated[str, Meta(max_length=1000)]
Limit = Annotated[int, Meta(ge=0)]
Settings = Annotated[dict[str, Any], Meta(description="Anything, at most 16 KiB as JSON.")]
Search = Annotated[str, Meta(max_length=200, pattern=NO_NUL, description="In name, slug and description.")]
Time = Annotated[datetime, Meta(tz=True)]


class CreateOrganizationRequest(Struct, forbid_unknown_fields=True):
    """The slug comes from the name; the plan is the free one."""

    name: Name
    description: Description = ""
    email: Email = ""
    website: Website = ""
    phone: Phone = ""
    address: Address = ""
    settings: Settings = {}


class ChangeOrganizationRequest(Struct, forbid_unknown_fields=True):
    """What is left out stays as it is. From `plan` on, the fields are for admins of the platform."""

    name: Name | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    website: Website | UnsetType = UNSET
    phone: Phone | UnsetType = UNSET
    address: Address | UnsetType = UNSET
    settings: Settings | UnsetType = UNSET
    plan: Plan | UnsetType = UNSET
    max_sites: Limit | UnsetType = UNSET
    max_members: Limit | UnsetType = UNSET
    max_storage_bytes: Limit | UnsetType = UNSET
    is_verified: bool | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET

    def changes(self) -> OrganizationChanges:
        return _changes(self)


class ReplaceOrganizationRequest(Struct, forbid_unknown_fields=True):
    """Every field that an owner writes; from `plan` on, what admins of the platform may write besides."""

    name: Name
    description: Description
    email: Email
    website: Website
    phone: Phone
    address: Address
    settings: Settings
    plan: Plan | UnsetType = UNSET
    max_sites: Limit | UnsetType = UNSET
    max_members: Limit | UnsetType = UNSET
    max_storage_bytes: Limit | UnsetType = UNSET
    is_verified: bool | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET

    def changes(self) -> OrganizationChanges:
        return _changes(self)


class OrganizationListQuery(PageQuery, frozen=True):
    search: Search | None = None
    plan: Plan | None = None
    is_active: bool | None = None
    is_verified: bool | None = None
    my_role: MemberRole | None = None
    created_at__gte: Time | None = None
    created_at__lte: Time | None = None
    ordering: OrganizationOrder = OrganizationOrder.NAME

    def as_query(self) -> OrganizationQuery:
        return OrganizationQuery(
            page=self.slice,
            search=self.search or None,
            plan=self.plan,
            is_active=self.is_active,
            is_verified=self.is_verified,
            my_role=self.my_role,
            created=Period(
                start=in_utc("created_at__gte", self.created_at__gte),
                end=in_utc("created_at__lte", self.created_at__lte),
            ),
            ordering=self.ordering,
        )


class DeleteOrganizationQuery(Struct, forbid_unknown_fields=True, frozen=True):
    confirm: Annotated[str, Meta(max_length=100, description="The organization's slug once more.")] = ""


def _changes(request: ChangeOrganizationRequest | ReplaceOrganizationRequest) -> OrganizationChanges:
    """The fields have the same names on the wire."""
    return OrganizationChanges(**{name: value for name, value in structs.asdict(request).items() if value is not UNSET})
