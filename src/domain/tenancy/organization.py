import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, NewType, Self
from uuid import UUID

from domain.shared.caller import UserId
from domain.shared.changes import UNCHANGED, Unchanged, changed
from domain.shared.checks import Checks, is_printable
from domain.shared.documents import check_document
from domain.shared.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, RuleBrokenError
from domain.tenancy.plan import LIMITS, Limits, Plan, PlanLimitError

OrganizationId = NewType("OrganizationId", UUID)

LONGEST_NAME = 200
_LONGEST_SLUG: Final = 63
_SLUG: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_URL: Final = re.compile(r"https?://[^\s/]{1,253}(/[^\s]{0,1500})?")
_LONGEST_SETTINGS: Final = 16 * 1024
_LARGEST: Final = {"max_sites": 1_000_000, "max_members": 1_000_000, "max_storage_bytes": 1 << 60}


class UnknownOrganizationError(InvalidError):
    """A request names an organization that is not there, or not for this caller."""

    def __init__(self, slug: str) -> None:
        super().__init__({"organization": [f"there is no organization {slug!r}"]})


class OrganizationNotFoundError(NotFoundError):
    """There is none, or the caller may not know of it."""

    code = "organization_not_found"


class OrganizationSlugTakenError(ConflictError):
    code = "organization_slug_taken"


class OrganizationInactiveError(RuleBrokenError):
    code = "organization_inactive"


class OrganizationInUseError(RuleBrokenError):
    """It has sites that are not deleted."""

    code = "organization_in_use"


class OrganizationDeletionNotConfirmedError(InvalidError):
    code = "not_confirmed"

    def __init__(self, slug: str) -> None:
        super().__init__({"confirm": [f"must be {slug!r}: this deletes the organization"]})


class PlatformFieldsError(ForbiddenError):
    """What is agreed with the platform cannot be written by the organization."""

    code = "platform_fields"

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(f"only admins of the platform may write {', '.join(fields)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationChanges:
    """What a partial update changes; the rest stays. The second half is for the platform's admins."""

    name: str | Unchanged = UNCHANGED
    description: str | Unchanged = UNCHANGED
    email: str | Unchanged = UNCHANGED
    website: str | Unchanged = UNCHANGED
    phone: str | Unchanged = UNCHANGED
    address: str | Unchanged = UNCHANGED
    settings: Mapping[str, Any] | Unchanged = UNCHANGED
    plan: Plan | Unchanged = UNCHANGED
    max_sites: int | Unchanged = UNCHANGED
    max_members: int | Unchanged = UNCHANGED
    max_storage_bytes: int | Unchanged = UNCHANGED
    is_verified: bool | Unchanged = UNCHANGED
    is_active: bool | Unchanged = UNCHANGED

    @property
    def need_the_platform(self) -> list[str]:
        """The fields in it that owners cannot write."""
        return [name for name in _PLATFORMS if getattr(self, name) is not UNCHANGED]


_PLATFORMS: Final = ("plan", "max_sites", "max_members", "max_storage_bytes", "is_verified", "is_active")


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """A customer of the platform; it has members and owns sites. One that is not active: its sites are closed."""

    id: OrganizationId
    name: str
    slug: str
    created_at: datetime
    updated_at: datetime
    created_by: UserId | None
    description: str = ""
    email: str = ""
    website: str = ""
    phone: str = ""
    address: str = ""
    plan: Plan = Plan.FREE
    max_sites: int = LIMITS[Plan.FREE].sites
    max_members: int = LIMITS[Plan.FREE].members
    max_storage_bytes: int = LIMITS[Plan.FREE].storage_bytes
    is_active: bool = True
    is_verified: bool = False
    verified_at: datetime | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    deleted_at: datetime | None = None
    version: int = 1

    def __post_init__(self) -> None:
        checks = Checks()
        checks.line("name", self.name, longest=LONGEST_NAME)
        checks.require(
            "slug",
            "must be 1 to 63 lower-case letters, digits and inner hyphens",
            holds=bool(_SLUG.fullmatch(self.slug)),
        )
        checks.prose("description", self.description, longest=20_000)
        if self.email:
            checks.email("email", self.email)
        sound = not self.website or (bool(_URL.fullmatch(self.website)) and is_printable(self.website))
        checks.require("website", "is not an http address", holds=sound)
        checks.line("phone", self.phone, longest=50, blank=True)
        checks.prose("address", self.address, longest=1000)
        for name in ("max_sites", "max_members", "max_storage_bytes"):
            checks.require(name, "may not be negative", holds=getattr(self, name) >= 0)
            checks.require(name, "is too large", holds=getattr(self, name) <= _LARGEST[name])
        check_document(checks, "settings", self.settings, longest=_LONGEST_SETTINGS)
        checks.done()

    def require_active(self) -> None:
        if not self.is_active:
            raise OrganizationInactiveError(f"the organization {self.slug} is not active")

    def require_place_for_site(self, sites: int) -> None:
        """`sites` is how many there are without the new one."""
        if sites >= self.max_sites:
            raise PlanLimitError(f"the plan of {self.slug} allows {self.max_sites} sites, and it has {sites}")

    def require_place_for_member(self, members: int) -> None:
        """`members` is how many there are without the new one."""
        if members >= self.max_members:
            raise PlanLimitError(f"the plan of {self.slug} allows {self.max_members} members, and it has {members}")

    def change(self, changes: OrganizationChanges, *, at: datetime) -> Self:
        """Another plan brings its own limits, unless they are given too. The slug stays."""
        plan = changed(changes.plan, self.plan)
        limits = Limits(self.max_sites, self.max_members, self.max_storage_bytes) if plan is self.plan else LIMITS[plan]
        is_verified = changed(changes.is_verified, self.is_verified)
        return replace(
            self,
            name=changed(changes.name, self.name),
            description=changed(changes.description, self.description),
            email=changed(changes.email, self.email),
            website=changed(changes.website, self.website),
            phone=changed(changes.phone, self.phone),
            address=changed(changes.address, self.address),
            settings=changed(changes.settings, self.settings),
            plan=plan,
            max_sites=changed(changes.max_sites, limits.sites),
            max_members=changed(changes.max_members, limits.members),
            max_storage_bytes=changed(changes.max_storage_bytes, limits.storage_bytes),
            is_active=changed(changes.is_active, self.is_active),
            is_verified=is_verified,
            verified_at=(self.verified_at or at) if is_verified else None,
            updated_at=at,
            version=self.version + 1,
        )

    def delete(self, *, at: datetime, confirm: str, sites: int) -> Self:
        """The end: `confirm` must repeat the slug, which stays taken; `sites` is how many it has."""
        if confirm != self.slug:
            raise OrganizationDeletionNotConfirmedError(self.slug)
        if sites:
            raise OrganizationInUseError(f"the organization {self.slug} has sites, {sites} in all: delete them first")
        return replace(self, deleted_at=at, updated_at=at, version=self.version + 1)


def slug_of(name: str, *, number: int = 0) -> str:
    """The slug that a name suggests; `number` above 0 tells the one of a clash apart (`acme-1`, `acme-2`)."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "organization"
    suffix = f"-{number}" if number else ""
    return words[: _LONGEST_SLUG - len(suffix)].strip("-") + suffix
