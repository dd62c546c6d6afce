from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NewType, Self
from uuid import UUID

from domain.shared.caller import UserId
from domain.shared.changes import UNCHANGED, Unchanged, changed
from domain.shared.checks import Checks
from domain.shared.documents import check_document
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

LONGEST_DESCRIPTION = 20_000
_LONGEST_SETTINGS: Final = 16 * 1024

RETIREMENT: Final = timedelta(minutes=10)
"""How long nobody else may have a slug, and so a schema name, that led to a site and does no more.

Longer by far than any process may go on believing in the old owner (5 seconds, in a redirect 60) and than any
request may run (bodies, connections and statements have their limits): so a late request finds no schema,
and never the next owner's.
"""
REDIRECTION: Final = timedelta(days=7)
"""How long the old host of a renamed site leads to the new one; only then begins the retirement of its slug."""


class SiteNotFoundError(NotFoundError):
    code = "site_not_found"


class SlugTakenError(ConflictError):
    code = "slug_taken"


class SiteStatusError(RuleBrokenError):
    """The site's status does not allow this step."""

    code = "site_status"


class PrimarySiteError(RuleBrokenError):
    """An organization's primary site stays it until another one is chosen, or it is deleted."""

    code = "primary_site"


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


HAVE_SCHEMAS: Final = frozenset({SiteStatus.ACTIVE, SiteStatus.SUSPENDED})
"""Of a site of another status there is no data in the database: not yet, or not any more."""


class SiteRole(StrEnum):
    PRODUCTION = "production"
    STAGING = "staging"
    DEVELOPMENT = "development"
    TESTING = "testing"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteChanges:
    """What a partial update changes; the rest stays."""

    name: str | Unchanged = UNCHANGED
    description: str | Unchanged = UNCHANGED
    role: SiteRole | Unchanged = UNCHANGED
    settings: Mapping[str, Any] | Unchanged = UNCHANGED
    is_primary: bool | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What one customer gets: a schema of its own behind a host of its own.

    Of an organization's sites at most one is the primary one. `closed_by` is the job that has it suspended for as long
    as it runs; None where a person has.
    """

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
    closed_by: UUID | None = None
    version: int = 1

    def __post_init__(self) -> None:
        check_fields(self.name, self.description, self.settings)

    @property
    def schema(self) -> SchemaName:
        return self.slug.schema

    def activate(self, *, at: datetime) -> Self:
        return self._enter(SiteStatus.ACTIVE, SiteStatus.PROVISIONING, at=at)

    def suspend(self, *, at: datetime) -> Self:
        """Until a person resumes it, also where a job would have opened it again."""
        from_job = (SiteStatus.SUSPENDED,) if self.closed_by is not None else ()
        return self._enter(SiteStatus.SUSPENDED, SiteStatus.ACTIVE, *from_job, at=at)

    def close(self, by: UUID, *, at: datetime) -> Self:
        """Suspend it for as long as a job needs."""
        return replace(self._enter(SiteStatus.SUSPENDED, SiteStatus.ACTIVE, at=at), closed_by=by)

    def resume(self, *, at: datetime) -> Self:
        return self._enter(SiteStatus.ACTIVE, SiteStatus.SUSPENDED, at=at)

    def archive(self, *, at: datetime) -> Self:
        """Its data is put away: it was closed before, so that nobody writes meanwhile."""
        return self._enter(SiteStatus.ARCHIVED, SiteStatus.SUSPENDED, at=at)

    def revive(self, *, at: datetime) -> Self:
        """Open, with data that was brought back."""
        allowed = (SiteStatus.PROVISIONING, SiteStatus.ARCHIVED, SiteStatus.SUSPENDED)
        return self._enter(SiteStatus.ACTIVE, *allowed, at=at)

    def change(self, changes: SiteChanges, *, at: datetime) -> Self:
        """Where it becomes the primary one, the one that was must step down first."""
        if self.status is SiteStatus.DELETED:
            raise SiteStatusError("a site that is deleted cannot be changed")
        is_primary = changed(changes.is_primary, self.is_primary)
        if self.is_primary and not is_primary:
            raise PrimarySiteError("this is the primary site: make another one the primary one instead")
        return replace(
            self,
            name=changed(changes.name, self.name),
            description=changed(changes.description, self.description),
            role=changed(changes.role, self.role),
            settings=changed(changes.settings, self.settings),
            is_primary=is_primary,
            updated_at=at,
            version=self.version + 1,
        )

    def step_down(self, *, at: datetime) -> Self:
        """Not the primary one any more, for another one is from now on."""
        return replace(self, is_primary=False, updated_at=at, version=self.version + 1)

    def rename(self, slug: SiteSlug, *, at: datetime) -> Self:
        """Take another slug, and with it another schema name and host."""
        if self.status not in (SiteStatus.ACTIVE, SiteStatus.SUSPENDED):
            raise SiteStatusError(f"a site that is {self.status} cannot be renamed")
        return replace(self, slug=slug, updated_at=at, version=self.version + 1)

    def delete(self, *, at: datetime, confirm: str) -> Self:
        """The end: `confirm` must repeat the slug. A primary one leaves its organization without."""
        if confirm != self.slug.value:
            raise DeletionNotConfirmedError(self.slug.value)
        allowed = (SiteStatus.PROVISIONING, SiteStatus.ACTIVE, SiteStatus.SUSPENDED, SiteStatus.ARCHIVED)
        return replace(self._enter(SiteStatus.DELETED, *allowed, at=at), is_primary=False)

    def _enter(self, status: SiteStatus, *allowed: SiteStatus, at: datetime) -> Self:
        if self.status not in allowed:
            raise SiteStatusError(f"a site that is {self.status} cannot become {status}")
        return replace(self, status=status, closed_by=None, updated_at=at, version=self.version + 1)


def check_fields(name: str, description: str, settings: Mapping[str, Any]) -> None:
    """Raise `InvalidError` with all that is wrong with what clients write of a site."""
    checks = Checks()
    checks.line("name", name, longest=LONGEST_NAME)
    checks.prose("description", description, longest=LONGEST_DESCRIPTION)
    check_document(checks, "settings", settings, longest=_LONGEST_SETTINGS)
    checks.done()
