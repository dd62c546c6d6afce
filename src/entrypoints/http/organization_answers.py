"""How organizations and members look on the wire after a change."""

from dataclasses import dataclass

from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from adapters.cache.site_directory import CachedSiteDirectory
from application.tenancy.organization_views import MemberView, OrganizationView
from application.tenancy.read_members import ShowMember
from application.tenancy.read_organizations import ShowOrganization
from domain.shared.caller import UserId
from domain.tenancy.organization import Organization
from entrypoints.http.etags import etag
from entrypoints.http.json_response import JsonResponse


@dataclass(frozen=True, slots=True)
class OrganizationAnswer:
    """The answer to a change of an organization, once this process routes by it; the others follow in seconds."""

    show_organization: ShowOrganization
    directory: CachedSiteDirectory

    async def __call__(self, organization: Organization, *, created: bool = False) -> JsonResponse[OrganizationView]:
        await self.directory.catch_up()
        shown = await self.show_organization(slug=organization.slug)
        headers = etag(shown.version)
        if created:
            headers["Location"] = f"/api/organizations/{shown.slug}/"
        return JsonResponse(shown, status_code=HTTP_201_CREATED if created else HTTP_200_OK, headers=headers)


@dataclass(frozen=True, slots=True)
class MemberAnswer:
    """The answer to a change of a member."""

    show_member: ShowMember

    async def __call__(self, organization: str, user_id: UserId, *, created: bool = False) -> JsonResponse[MemberView]:
        shown = await self.show_member(organization=organization, user_id=user_id)
        headers = etag(shown.version)
        if created:
            headers["Location"] = f"/api/organizations/{organization}/members/{user_id}/"
        return JsonResponse(shown, status_code=HTTP_201_CREATED if created else HTTP_200_OK, headers=headers)
