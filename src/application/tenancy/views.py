from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteRole, SiteStatus


@dataclass(slots=True)
class SiteView:
    """A site as it is shown. `organization` is a slug; `primary_domain` a verified custom domain."""

    id: UUID
    slug: str
    name: str
    description: str
    organization: str
    role: SiteRole
    status: SiteStatus
    primary_domain: str | None
    created_at: datetime
    updated_at: datetime
    created_by: UUID | None
    version: int


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a request to a site's host goes, and whether the site answers now."""

    scope: SiteScope
    is_open: bool
