from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

from domain.shared.caller import GROUP_PERMISSIONS, PLATFORM_PERMISSIONS, SITE_PERMISSIONS, Permission
from domain.tenancy.schema import PLATFORM_SCHEMA, SchemaName
from domain.tenancy.site import SiteId


@dataclass(frozen=True, slots=True)
class PlatformScope:
    """The platform's own users and data; no site's."""

    label = "platform"

    @property
    def schema(self) -> SchemaName:
        return PLATFORM_SCHEMA

    @property
    def audience(self) -> str:
        return "platform"

    def permissions(self, *, is_admin: bool, given: Collection[str] = ()) -> frozenset[Permission]:  # noqa: ARG002  on the platform there are no groups
        return PLATFORM_PERMISSIONS if is_admin else frozenset()


@dataclass(frozen=True, slots=True)
class SiteScope:
    """One site's users and data; nobody else's."""

    site_id: SiteId
    slug: str
    schema: SchemaName

    @property
    def label(self) -> str:
        return self.slug

    @property
    def audience(self) -> str:
        return str(self.site_id)

    def permissions(self, *, is_admin: bool, given: Collection[str] = ()) -> frozenset[Permission]:
        """All for an admin, else what the user's groups give; names of another release mean nothing."""
        return SITE_PERMISSIONS if is_admin else frozenset(one for one in GROUP_PERMISSIONS if one in given)


Scope: TypeAlias = PlatformScope | SiteScope
"""Whose data a request may touch. Given by the entrypoint, known to adapters only."""
