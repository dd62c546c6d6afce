from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from application.shared.page import Page
from application.tenancy.views import Destination, SiteQuery, SiteUsageView, SiteView
from domain.shared.caller import UserId
from domain.tenancy.membership import Member
from domain.tenancy.organization import Organization, OrganizationId
from domain.tenancy.routing import CustomHost, SiteHost
from domain.tenancy.schema import SchemaName
from domain.tenancy.site import Site, SiteId
from domain.tenancy.slug import SiteSlug


class OrganizationRepository(Protocol):
    """The organizations that are not deleted."""

    async def get(self, slug: str) -> Organization:
        """Lock it until the transaction ends: whoever counts what it has is alone.

        Raise `OrganizationNotFoundError` if there is none.
        """
        ...

    async def get_by_id(self, organization_id: OrganizationId) -> Organization:
        """As `get`."""
        ...

    async def add(self, organization: Organization) -> None:
        """Raise `OrganizationSlugTakenError` if another has its slug; the transaction can go on then."""
        ...

    async def save(self, organization: Organization) -> None: ...


class MemberRepository(Protocol):
    """Who is in which organization."""

    async def find(self, organization_id: OrganizationId, user_id: UserId) -> Member | None:
        """Lock it until the transaction ends, if there is one."""
        ...

    async def add(self, member: Member) -> None:
        """Raise `MemberExistsError` if the user is one already, `UserNotFoundError` if there is no such user."""
        ...

    async def save(self, member: Member) -> None: ...

    async def remove(self, member: Member) -> None:
        """With all access to sites that it had. Safe to repeat."""
        ...

    async def count(self, organization_id: OrganizationId) -> int:
        """Those that take a place of the plan: all, active or not."""
        ...

    async def other_owners(self, member: Member) -> int:
        """How many active owners with active accounts its organization has besides this member.

        To decide by it, lock the organization first.
        """
        ...


class SiteRepository(Protocol):
    """The sites that are not deleted."""

    async def get(self, slug: str) -> Site:
        """Lock it until the transaction ends. Raise `SiteNotFoundError` if there is none."""
        ...

    async def get_by_id(self, site_id: SiteId) -> Site:
        """As `get`."""
        ...

    async def find_primary(self, organization_id: OrganizationId) -> Site | None:
        """Lock the organization's primary one, if there is one. To decide by it, lock the organization first."""
        ...

    async def left_closed(self, limit: int) -> Sequence[Site]:
        """Some that a job has closed which has ended, locked; those that somebody else has locked are left out."""
        ...

    async def count(self, organization_id: OrganizationId) -> int:
        """How many the organization has. To decide by it, lock the organization first."""
        ...

    async def add(self, site: Site) -> None:
        """Raise `SlugTakenError` if another site has its slug, is just being made with it, or retired it."""
        ...

    async def save(self, site: Site) -> None:
        """Raise `SlugTakenError` as `add`. One that is deleted gives up its custom domains and the bytes of its files.

        Its schema was dropped before: what still runs there counts those bytes.
        """
        ...

    async def retire(self, slug: SiteSlug, site_id: SiteId, *, until: datetime) -> None:
        """Keep a slug that this site gives up from every other site for a time.

        It leads to the site, unless that is deleted, until `RETIREMENT` before the end.
        """
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
    """The sites that are not deleted, of the organizations where `viewer` is an active member; None: of all."""

    async def page(self, query: SiteQuery, viewer: UserId | None) -> Page[SiteView]: ...

    async def get(self, slug: str, viewer: UserId | None) -> SiteView:
        """Raise `SiteNotFoundError` if there is none."""
        ...

    async def find_deleted(self, slug: str) -> UUID | None:
        """The one that had this slug when it was deleted; of several, the last."""
        ...

    async def usage(self, slug: str, viewer: UserId | None, *, days: int) -> SiteUsageView:
        """As `get`; of the last so many days that something is known of."""
        ...

    async def require_organization(self, slug: str, viewer: UserId | None) -> None:
        """Raise `OrganizationNotFoundError` if the viewer may not know of one with this slug."""
        ...


class SiteDirectory(Protocol):
    """Which site answers at a host, or did until it was renamed (see `REDIRECTION`)."""

    async def find(self, host: SiteHost | CustomHost) -> Destination | None: ...


class RoutingChanges(Protocol):
    """What lets a process keep a `SiteDirectory` in memory."""

    failures: tuple[type[Exception], ...]
    """What `since` may raise while the store cannot be asked."""

    async def since(self, seen: int) -> tuple[int, list[UUID]]:
        """The sites whose routing changed after `seen` (0: ever), and the next `seen`.

        A change may be told more than once, and is never left out.
        """
        ...


class FollowedSiteDirectory(SiteDirectory, RoutingChanges, Protocol):
    """A directory that tells what changes in it."""
