import re
from dataclasses import dataclass
from datetime import datetime
from typing import NewType
from uuid import UUID

from domain.shared.caller import UserId
from domain.shared.checks import Checks
from domain.shared.errors import ConflictError, InvalidError

OrganizationId = NewType("OrganizationId", UUID)

LONGEST_NAME = 200
_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class UnknownOrganizationError(InvalidError):
    """A request names an organization that is not there, or not for this caller."""

    def __init__(self, slug: str) -> None:
        super().__init__({"organization": [f"there is no organization {slug!r}"]})


class OrganizationSlugTakenError(ConflictError):
    code = "organization_slug_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """A customer of the platform; it owns sites."""

    id: OrganizationId
    name: str
    slug: str
    created_at: datetime
    updated_at: datetime
    created_by: UserId | None
    is_active: bool = True
    version: int = 1

    def __post_init__(self) -> None:
        checks = Checks()
        checks.line("name", self.name, longest=LONGEST_NAME)
        checks.require(
            "slug",
            "must be 1 to 63 lower-case letters, digits and inner hyphens",
            holds=bool(_SLUG.fullmatch(self.slug)),
        )
        checks.done()
