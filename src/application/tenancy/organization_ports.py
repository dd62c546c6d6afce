"""What organizations need besides the repositories in `ports.py`."""

from datetime import datetime
from typing import Protocol

from application.shared.page import Page
from application.tenancy.organization_views import (
    MemberQuery,
    MemberView,
    Onlooker,
    OrganizationQuery,
    OrganizationView,
)
from domain.shared.caller import UserId
from domain.tenancy.membership import Member
from domain.tenancy.organization import OrganizationId
from domain.tenancy.site import SiteId


class OrganizationReader(Protocol):
    """The organizations that are not deleted and that the onlooker may know of."""

    async def page(self, query: OrganizationQuery, onlooker: Onlooker) -> Page[OrganizationView]: ...

    async def get(self, slug: str, onlooker: Onlooker) -> OrganizationView:
        """Raise `OrganizationNotFoundError` if there is none."""
        ...

    async def id_of(self, slug: str, onlooker: Onlooker) -> OrganizationId:
        """As `get`, for whoever reads what belongs to it."""
        ...

    async def find_deleted(self, slug: str) -> OrganizationId | None:
        """The one of this slug that was deleted."""
        ...


class MemberReader(Protocol):
    """The members of one organization, active or not."""

    async def page(self, organization_id: OrganizationId, query: MemberQuery) -> Page[MemberView]: ...

    async def get(self, organization_id: OrganizationId, user_id: UserId) -> MemberView:
        """Raise `MemberNotFoundError` if the user is none."""
        ...


class SiteAccessRepository(Protocol):
    """Which sites of their organization members may enter."""

    async def grant(self, member: Member, site: str, *, at: datetime, by: UserId | None) -> None:
        """Safe to repeat. Raise `SiteNotFoundError` if the member's organization has no such site."""
        ...

    async def revoke(self, member: Member, site: str) -> None:
        """As `grant`."""
        ...

    async def copy(self, source: SiteId, target: SiteId, *, at: datetime, by: UserId | None) -> None:
        """Whoever may enter the one may enter the other of the same organization. Safe to repeat."""
        ...


class OrganizationTies(Protocol):
    """What binds people to an organization."""

    async def end(self, organization_id: OrganizationId, *, at: datetime) -> None:
        """Remove all its members with their access to sites, revoke its pending invitations. Safe to repeat."""
        ...
