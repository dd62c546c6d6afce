from dataclasses import dataclass

from application.shared.page import Page
from application.tenancy.organization_ports import MemberReader, OrganizationReader
from application.tenancy.organization_views import MemberQuery, MemberView, Onlooker
from domain.shared.caller import Caller, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMembers:
    """The members of an organization that the caller may see, one page of them."""

    caller: Caller
    organizations: OrganizationReader
    reader: MemberReader

    async def __call__(self, *, organization: str, query: MemberQuery) -> Page[MemberView]:
        found = await self.organizations.id_of(organization, Onlooker.of(self.caller))
        return await self.reader.page(found, query)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowMember:
    """One member of an organization that the caller may see."""

    caller: Caller
    organizations: OrganizationReader
    reader: MemberReader

    async def __call__(self, *, organization: str, user_id: UserId) -> MemberView:
        found = await self.organizations.id_of(organization, Onlooker.of(self.caller))
        return await self.reader.get(found, user_id)
