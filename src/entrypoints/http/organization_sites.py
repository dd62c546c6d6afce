from typing import Any

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from application.tenancy.create_site import CreateSite
from application.tenancy.read_sites import ListOrganizationSites
from domain.tenancy.organization import OrganizationNotFoundError, UnknownOrganizationError
from entrypoints.http.answers import ETAG, LOCATION, answers
from entrypoints.http.guards import platform_user
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.lists import ListResponse, listed, listing
from entrypoints.http.site_answers import SiteAnswer, SitePlace, SiteResponse, shown_sites
from entrypoints.http.sites_wire import CreateOrganizationSiteRequest, OrganizationSiteListQuery
from entrypoints.http.wire import StrictJson, from_query


class OrganizationSiteController(Controller):
    path = "/api/organizations/{slug:str}/sites"
    tags = ("Sites",)
    before_request = staticmethod(platform_user)
    security = ({"BearerToken": []},)

    @get(
        dependencies={"asked": Provide(from_query(OrganizationSiteListQuery), sync_to_thread=False)},
        operation_class=listing(OrganizationSiteListQuery),
        responses=answers(400, permitted=False),
    )
    @inject
    async def list_organization_sites(
        self,
        slug: FromPath[str],
        request: Request[Any, Any, Any],
        asked: NamedDependency[OrganizationSiteListQuery],
        list_sites: FromDishka[ListOrganizationSites],
        place: FromDishka[SitePlace],
    ) -> ListResponse[SiteResponse]:
        """The sites of one organization, by slug unless ordered otherwise. For its active members."""
        page = await list_sites(organization=slug, query=asked.as_query())
        return listed(shown_sites(page, place), asked, request)

    @post(
        dto=StrictJson[CreateOrganizationSiteRequest],
        return_dto=None,
        response_headers=[ETAG, LOCATION],
        responses=answers(409, 422, body=True),
    )
    @inject
    async def create_organization_site(
        self,
        slug: FromPath[str],
        data: JSONBody[CreateOrganizationSiteRequest],
        create_site: FromDishka[CreateSite],
        answer: FromDishka[SiteAnswer],
    ) -> JsonResponse[SiteResponse]:
        """Create a site of this organization, as `POST /api/sites/` does."""
        try:
            site = await create_site(
                organization=slug,
                name=data.name,
                slug=data.slug,
                description=data.description,
                role=data.role,
                settings=data.settings,
                is_primary=data.is_primary,
            )
        except UnknownOrganizationError as error:
            raise OrganizationNotFoundError(f"there is no organization {slug!r}") from error
        return await answer(site, created=True)
