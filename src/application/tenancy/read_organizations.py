from dataclasses import dataclass

from application.shared.page import Page
from application.tenancy.organization_ports import OrganizationReader
from application.tenancy.organization_views import Onlooker, OrganizationQuery, OrganizationView
from domain.shared.caller import Caller


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOrganizations:
    """The organizations where the caller is an active member, for admins of the platform all; one page of them."""

    caller: Caller
    reader: OrganizationReader

    async def __call__(self, query: OrganizationQuery) -> Page[OrganizationView]:
        return await self.reader.page(query, Onlooker.of(self.caller))


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowOrganization:
    """One organization, to its active members and the admins of the platform."""

    caller: Caller
    reader: OrganizationReader

    async def __call__(self, *, slug: str) -> OrganizationView:
        return await self.reader.get(slug, Onlooker.of(self.caller))
