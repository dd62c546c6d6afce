"""How sites look on the wire, coming in."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from application.shared.page import Period
from application.tenancy.views import SiteOrder, SiteQuery
from domain.shared.changes import UNCHANGED
from domain.tenancy.site import LONGEST_DESCRIPTION, LONGEST_NAME, SiteChanges, SiteRole, SiteStatus
from entrypoints.http.lists import PageQuery
from entrypoints.http.wire import NO_NUL, in_utc

Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, examples=["Acme Berlin"])]
Slug = Annotated[str, Meta(min_length=1, max_length=48, examples=["acme-berlin"])]
Description = Annotated[str, Meta(max_length=LONGEST_DESCRIPTION, examples=["For the office in Berlin."])]
Settings = Annotated[
    dict[str, Any], Meta(description="The client's own; at most 16 KiB.", examples=[{"theme": "dark"}])
]
Organization = Annotated[str, Meta(min_length=1, max_length=63, pattern=NO_NUL, examples=["acme"])]
IsPrimary = Annotated[bool, Meta(description="Of an organization's sites at most one is the primary one.")]
Search = Annotated[str, Meta(max_length=200, pattern=NO_NUL, description="In slug, name and description.")]
Time = Annotated[datetime, Meta(tz=True)]


class CreateOrganizationSiteRequest(Struct, forbid_unknown_fields=True):
    """`slug` becomes host and schema. The first site of an organization is its primary one in any case."""

    name: Name
    slug: Slug
    description: Description = ""
    role: SiteRole = SiteRole.PRODUCTION
    settings: Settings = {}
    is_primary: IsPrimary = False


class CreateSiteRequest(Struct, forbid_unknown_fields=True):
    """`organization` is the slug of the owning organization; `slug` becomes host and schema."""

    organization: Organization
    name: Name
    slug: Slug
    description: Description = ""
    role: SiteRole = SiteRole.PRODUCTION
    settings: Settings = {}
    is_primary: IsPrimary = False


class ReplaceSiteRequest(Struct, forbid_unknown_fields=True):
    """Every field that a client writes. The slug changes by `rename`."""

    name: Name
    description: Description
    role: SiteRole
    settings: Settings
    is_primary: IsPrimary

    def changes(self) -> SiteChanges:
        return SiteChanges(
            name=self.name,
            description=self.description,
            role=self.role,
            settings=self.settings,
            is_primary=self.is_primary,
        )


class ChangeSiteRequest(Struct, forbid_unknown_fields=True):
    """What is left out stays as it is. The slug changes by `rename`."""

    name: Name | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    role: SiteRole | UnsetType = UNSET
    settings: Settings | UnsetType = UNSET
    is_primary: IsPrimary | UnsetType = UNSET

    def changes(self) -> SiteChanges:
        return SiteChanges(
            name=UNCHANGED if self.name is UNSET else self.name,
            description=UNCHANGED if self.description is UNSET else self.description,
            role=UNCHANGED if self.role is UNSET else self.role,
            settings=UNCHANGED if self.settings is UNSET else self.settings,
            is_primary=UNCHANGED if self.is_primary is UNSET else self.is_primary,
        )


class RenameSiteRequest(Struct, forbid_unknown_fields=True):
    slug: Slug


class DeleteSiteQuery(Struct, forbid_unknown_fields=True, frozen=True):
    confirm: Annotated[str, Meta(max_length=100, description="The site's slug once more.")] = ""


class OrganizationSiteListQuery(PageQuery, frozen=True):
    search: Search | None = None
    status: SiteStatus | None = None
    role: SiteRole | None = None
    created_at__gte: Time | None = None
    created_at__lte: Time | None = None
    ordering: SiteOrder = SiteOrder.SLUG

    def as_query(self) -> SiteQuery:
        return SiteQuery(
            page=self.slice,
            search=self.search or None,
            status=self.status,
            role=self.role,
            created=Period(
                start=in_utc("created_at__gte", self.created_at__gte),
                end=in_utc("created_at__lte", self.created_at__lte),
            ),
            ordering=self.ordering,
        )


class SiteListQuery(OrganizationSiteListQuery, frozen=True):
    """`organization` is a slug."""

    organization: Annotated[str, Meta(max_length=63, pattern=NO_NUL)] | None = None

    def as_query(self) -> SiteQuery:
        return replace(super().as_query(), organization=self.organization)
