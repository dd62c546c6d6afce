from typing import Any

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, delete, get, patch, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from adapters.cache.site_directory import CachedSiteDirectory
from application.tenancy.change_site import ChangeSite
from application.tenancy.create_site import CreateSite
from application.tenancy.delete_site import DeleteSite
from application.tenancy.read_sites import ListSites, ShowSite, ShowSiteUsage
from application.tenancy.tenancy_histories import SiteHistory
from application.tenancy.views import SiteUsageView
from entrypoints.http.answers import ETAG, LOCATION, answers
from entrypoints.http.etags import IfMatch, etag, seen_versions
from entrypoints.http.guards import platform_user
from entrypoints.http.history import AS_OF, Past
from entrypoints.http.history_wire import AsOfQuery
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.lists import ListResponse, listed, listing
from entrypoints.http.site_answers import SiteAnswer, SitePlace, SiteResponse, shown_sites
from entrypoints.http.sites_wire import (
    ChangeSiteRequest,
    CreateSiteRequest,
    DeleteSiteQuery,
    ReplaceSiteRequest,
    SiteListQuery,
)
from entrypoints.http.wire import StrictJson, from_query


class SiteController(Controller):
    path = "/api/sites"
    tags = ("Sites",)
    before_request = staticmethod(platform_user)
    security = ({"BearerToken": []},)

    @get(
        dependencies={"asked": Provide(from_query(SiteListQuery), sync_to_thread=False)},
        operation_class=listing(SiteListQuery),
        responses=answers(400, permitted=False),
    )
    @inject
    async def list_sites(
        self,
        request: Request[Any, Any, Any],
        asked: NamedDependency[SiteListQuery],
        list_sites: FromDishka[ListSites],
        place: FromDishka[SitePlace],
    ) -> ListResponse[SiteResponse]:
        """The sites of the organizations where the caller is an active member, by slug unless ordered otherwise.

        Admins of the platform see all.
        """
        return listed(shown_sites(await list_sites(asked.as_query()), place), asked, request)

    @post(
        dto=StrictJson[CreateSiteRequest],
        return_dto=None,
        response_headers=[ETAG, LOCATION],
        responses=answers(409, 422, body=True),
    )
    @inject
    async def create_site(
        self,
        data: JSONBody[CreateSiteRequest],
        create_site: FromDishka[CreateSite],
        answer: FromDishka[SiteAnswer],
    ) -> JsonResponse[SiteResponse]:
        """Create a site. It is active, with its own schema, when the answer arrives. For owners of the organization."""
        site = await create_site(
            organization=data.organization,
            name=data.name,
            slug=data.slug,
            description=data.description,
            role=data.role,
            settings=data.settings,
            is_primary=data.is_primary,
        )
        return await answer(site, created=True)

    @get("/{slug:str}", response_headers=[ETAG], responses=answers(400, permitted=False), **AS_OF)
    @inject
    async def show_site(
        self,
        slug: FromPath[str],
        show_site: FromDishka[ShowSite],
        place: FromDishka[SitePlace],
        asked: NamedDependency[AsOfQuery],
        past: FromDishka[Past],
    ) -> JsonResponse[SiteResponse]:
        """One site, for active members of its organization."""
        if (then := await past(SiteHistory, asked, slug=slug)) is not None:
            return then
        site = await show_site(slug=slug)
        return JsonResponse(SiteResponse.of(site, place), headers=etag(site.version))

    @get("/{slug:str}/usage", responses=answers(permitted=False))
    @inject
    async def show_site_usage(self, slug: FromPath[str], show_usage: FromDishka[ShowSiteUsage]) -> SiteUsageView:
        """What a site takes now, also while it is suspended: its rows, the bytes of its schema with all indexes,
        and how many bytes of files the plan allows all sites of the organization together.
        """
        return await show_usage(slug=slug)

    @patch(
        "/{slug:str}",
        dto=StrictJson[ChangeSiteRequest],
        return_dto=None,
        response_headers=[ETAG],
        responses=answers(412, 422, body=True),
    )
    @inject
    async def change_site(
        self,
        slug: FromPath[str],
        data: JSONBody[ChangeSiteRequest],
        change_site: FromDishka[ChangeSite],
        answer: FromDishka[SiteAnswer],
        if_match: IfMatch = None,
    ) -> JsonResponse[SiteResponse]:
        """Change some fields of a site. One that becomes primary makes the one that was step down."""
        return await answer(await change_site(slug=slug, changes=data.changes(), seen=seen_versions(if_match)))

    @put(
        "/{slug:str}",
        dto=StrictJson[ReplaceSiteRequest],
        return_dto=None,
        response_headers=[ETAG],
        responses=answers(412, 422, body=True),
    )
    @inject
    async def replace_site(
        self,
        slug: FromPath[str],
        data: JSONBody[ReplaceSiteRequest],
        change_site: FromDishka[ChangeSite],
        answer: FromDishka[SiteAnswer],
        if_match: IfMatch = None,
    ) -> JsonResponse[SiteResponse]:
        """Write all fields of a site that clients write."""
        return await answer(await change_site(slug=slug, changes=data.changes(), seen=seen_versions(if_match)))

    @delete(
        "/{slug:str}",
        dependencies={"asked": Provide(from_query(DeleteSiteQuery), sync_to_thread=False)},
        operation_class=listing(DeleteSiteQuery),
        responses=answers(400, 412, 422),
    )
    @inject
    async def delete_site(
        self,
        slug: FromPath[str],
        asked: NamedDependency[DeleteSiteQuery],
        delete_site: FromDishka[DeleteSite],
        directory: FromDishka[CachedSiteDirectory],
        if_match: IfMatch = None,
    ) -> None:
        """Destroy a site and all its data. `confirm` must be its slug."""
        await delete_site(slug=slug, confirm=asked.confirm, seen=seen_versions(if_match))
        await directory.catch_up()
