from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from application.shared.page import ANY_TIME, FIRST_PAGE, PageRequest, Period
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
    is_primary: bool
    status: SiteStatus
    settings: Mapping[str, Any]
    primary_domain: str | None
    created_at: datetime
    updated_at: datetime
    created_by: UUID | None
    version: int


class SiteOrder(StrEnum):
    SLUG = "slug"
    SLUG_DOWN = "-slug"
    NAME = "name"
    NAME_DOWN = "-name"
    STATUS = "status"
    STATUS_DOWN = "-status"
    CREATED_AT = "created_at"
    CREATED_AT_DOWN = "-created_at"
    UPDATED_AT = "updated_at"
    UPDATED_AT_DOWN = "-updated_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteQuery:
    """Which sites, in which order; None filters nothing. `search` looks in slug, name and description."""

    page: PageRequest = FIRST_PAGE
    search: str | None = None
    organization: str | None = None
    status: SiteStatus | None = None
    role: SiteRole | None = None
    created: Period = ANY_TIME
    ordering: SiteOrder = SiteOrder.SLUG


@dataclass(slots=True)
class SiteRowsView:
    """How many there are of each in a site."""

    users: int
    projects: int
    tasks: int
    groups: int


@dataclass(slots=True)
class SiteFilesView:
    """How many files a site has, and how many bytes count for it: of these and of uploads that are under way."""

    count: int
    bytes: int


@dataclass(slots=True)
class SiteDayView:
    """What a site took on a day, in UTC; what is null has not been measured on that day.

    `rows` are those that a site counts, and `jobs` those that were asked for on that day.
    """

    day: date
    requests: int
    jobs: int | None
    rows: int | None
    bytes: int | None
    files: int | None
    file_bytes: int | None


@dataclass(slots=True)
class SiteUsageView:
    """What a site takes; `by_day` tells of the last days, newest first.

    `bytes` is what its schema takes in the database, with indexes; `max_storage_bytes` what the plan of its
    organization allows for the files of all its sites together.
    """

    rows: SiteRowsView
    files: SiteFilesView
    bytes: int
    max_storage_bytes: int
    by_day: list[SiteDayView]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a request to a site's host goes, and whether the site answers now.

    `has_moved`: it was renamed and answers at the host of the scope's slug, at this one never (`is_open` is False).
    """

    scope: SiteScope
    is_open: bool
    has_moved: bool = False
