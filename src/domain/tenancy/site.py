from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NewType, Self
from uuid import UUID

from domain.shared.caller import UserId
from domain.shared.checks import Checks
from domain.shared.errors import (
    ConflictError,
    InvalidError,
    NotFoundError,
    RuleBrokenError,
)
from domain.tenancy.organization import OrganizationId
from domain.tenancy.schema import SchemaName
from domain.tenancy.slug import SiteSlug

SiteId = NewType("SiteId", UUID)

LONGEST_NAME = 100

RETIREMENT: Final = timedelta(minutes=10)
"""How long nobody else may have a slug, and so a schema name, that a site gave up.

Longer by far than any process may go on believing in the old owner (5 seconds) and than any request
may run (bodies, connections and statements have their limits): so a late request finds no schema,
and never the next owner's.
"""


class SiteNotFoundError(NotFoundError):
    code = "site_not_found"


class SlugTakenError(ConflictError):
    code = "slug_taken"


class SiteStatusError(RuleBrokenError):
    """The site's status does not allow this step."""

    code = "site_status"


class DeletionNotConfirmedError(InvalidError):
    code = "not_confirmed"

    def __init__(self, slug: str) -> None:
        super().__init__({"confirm": [f"must be {slug!r}: this destroys all data of the site"]})


class SiteStatus(StrEnum):
    PROVISIONING = "provisioning"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ARCHIVED = "archived"
    DELETED = "deleted"


class SiteRole(StrEnum):
    PRODUCTION = "production"
    STAGING = "staging"
    DEVELOPMENT = "development"
    TESTING = "testing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What one customer gets: a schema of its own behind a host of its own."""

    id: SiteId
    organization_id: OrganizationId
    name: str
    slug: SiteSlug
    created_at: datetime
    updated_at: datetime
    created_by: UserId | None
    description: str = ""
    role: SiteRole = SiteRole.PRODUCTION
    is_primary: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    status: SiteStatus = SiteStatus.PROVISIONING
    version: int = 1

    def __post_init__(self) -> None:
        check_texts(self.name, self.description)

    @property
    def schema(self) -> SchemaName:
        return self.slug.schema

    def activate(self, *, at: datetime) -> Self:
        return self._enter(SiteStatus.ACTIVE, SiteStatus.PROVISIONING, at=at)

    def suspend(self, *, at: datetime) -> Self:
        return self._enter(SiteStatus.SUSPENDED, SiteStatus.ACTIVE, at=at)

    def resume(self, *, at: datetime) -> Self:
        return self._enter(SiteStatus.ACTIVE, SiteStatus.SUSPENDED, at=at)

    def rename(self, slug: SiteSlug, *, at: datetime) -> Self:
        """Take another slug, and with it another schema name and host."""
        if self.status not in (SiteStatus.ACTIVE, SiteStatus.SUSPENDED):
            raise SiteStatusError(f"a site that is {self.status} cannot be renamed")
        return replace(self, slug=slug, updated_at=at, version=self.version + 1)

    def delete(self, *, at: datetime, confirm: str) -> Self:
        """The end: `confirm` must repeat the slug."""
        if confirm != self.slug.value:
            raise DeletionNotConfirmedError(self.slug.value)
        return self._enter(
            SiteStatus.DELETED,
            SiteStatus.ACTIVE,
            SiteStatus.SUSPENDED,
            SiteStatus.ARCHIVED,
            at=at,
        )

    def _enter(self, status: SiteStatus, *allowed: SiteStatus, at: datetime) -> Self:
        if self.status not in allowed:
            raise SiteStatusError(f"a site that is {self.status} cannot become {status}")
        return replace(self, status=status, updated_at=at, version=self.version + 1)


def check_texts(name: str, description: str) -> None:
    """Raise `InvalidError` with what is wrong with the texts of a site."""
    checks = Checks()
    checks.line("name", name, longest=LONGEST_NAME)
    checks.prose("description", description, longest=20_000)
    checks.done()
