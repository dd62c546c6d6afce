from datetime import datetime
from typing import Protocol
from uuid import UUID

from application.shared.page import Page, PageRequest
from application.tenancy.views import Destination, SiteView
from domain.tenancy.organization import Organization
from domain.tenancy.routing import CustomHost, SiteHost
from domain.tenancy.schema import SchemaName
from domain.tenancy.site import Site, SiteId
from domain.tenancy.slug import SiteSlug


class OrganizationRepository(Protocol):
    async def get_by_slug(self, slug: str) -> Organization:
        """Raise `UnknownOrganizationError` if there is none."""
        ...

    async def add(self, organization: Organization) -> None:
        """Raise `OrganizationSlugTakenError` if another has its slug."""
        ...


class SiteRepository(Protocol):
    """The sites that are not deleted."""

    async def get(self, slug: str) -> Site:
        """Lock it until the transaction ends. Raise `SiteNotFoundError` if there is none."""
        ...

    async def add(self, site: Site) -> None:
        """Raise `SlugTakenError` if another site has its slug, is just being made with it, or retired it."""
        ...

    async def save(self, site: Site) -> None:
        """Raise `SlugTakenError` as `add`."""
        ...

    async def retire(self, slug: SiteSlug, site_id: SiteId, *, until: datetime) -> None:
        """Keep a slug that this site gives up from every other site for a time (see `RETIREMENT`)."""
        ...


class SiteSchemas(Protocol):
    """The schemas of sites. Every step belongs to the running transaction."""

    async def create(self, site: Site) -> None:
        """Make the site's, complete and at the newest revision. Raise `SlugTakenError` if it is there."""
        ...

    async def rename(self, old: SchemaName, new: SchemaName) -> None:
        """Raise `SlugTakenError` if there is a schema of the new name."""
        ...

    async def drop(self, schema: SchemaName) -> None:
        """Destroy it with everything in it. Safe to repeat."""
        ...


class SiteReader(Protocol):
    async def page(self, page: PageRequest) -> Page[SiteView]: ...

    async def get(self, slug: str) -> SiteView:
        """Raise `SiteNotFoundError` if there is none."""
        ...


class SiteDirectory(Protocol):
    """Which site answers at a host."""

    async def find(self, host: SiteHost | CustomHost) -> Destination | None: ...


class SiteChanges(Protocol):
    """What lets a process keep a `SiteDirectory` in memory."""

    failures: tuple[type[Exception], ...]
    """What `since` may raise while the store cannot be asked."""

    async def since(self, seen: int) -> tuple[int, list[UUID]]:
        """The sites whose routing changed after `seen` (0: ever), and the next `seen`.

        A change may be told more than once, and is never left out.
        """
        ...


class FollowedSiteDirectory(SiteDirectory, SiteChanges, Protocol):
    """A directory that tells what changes in it."""
