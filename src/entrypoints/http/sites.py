from typing import Annotated, Any

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK
from msgspec import Meta, Struct

from adapters.cache.site_directory import CachedSiteDirectory
from application.shared.page import Page
from application.tenancy.create_site import CreateSite
from application.tenancy.delete_site import DeleteSite
from application.tenancy.read_sites import ListSites, ShowSite
from application.tenancy.rename_site import RenameSite
from application.tenancy.resume_site import ResumeSite
from application.tenancy.suspend_site import SuspendSite
from domain.tenancy.site import LONGEST_NAME, SiteRole
from entrypoints.http.answers import ETAG, LOCATION, answers
from entrypoints.http.etags import IfMatch, etag, seen_versions
from entrypoints.http.guards import platform_user
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.lists import ListResponse, PageQuery, listed, listing
from entrypoints.http.site_answers import SiteAnswer, SitePlace, SiteResponse
from entrypoints.http.wire import NO_NUL, StrictJson, from_query

Slug = Annotated[str, Meta(min_length=1, max_length=48, examples=["acme-berlin"])]


class CreateSiteRequest(Struct, forbid_unknown_fields=True):
    """`organization` is the slug of the owning organization; `slug` becomes host and schema."""

    organization: Annotated[str, Meta(min_length=1, max_length=63, pattern=NO_NUL, examples=["acme"])]
    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, examples=["Acme Berlin"])]
    slug: Slug
    description: Annotated[str, Meta(max_length=20_000)] = ""
    role: SiteRole = SiteRole.PRODUCTION


class RenameSiteRequest(Struct, forbid_unknown_fields=True):
    slug: Slug


class DeleteSiteQuery(Struct, forbid_unknown_fields=True, frozen=True):
    confirm: Annotated[str, Meta(max_length=100, description="The site's slug once more.")] = ""


class SiteController(Controller):
    path = "/api/sites"
    tags = ("Sites",)
    before_request = staticmethod(platform_user)
    security = ({"BearerToken": []},)

    @get(
        dependencies={"asked": Provide(from_query(PageQuery), sync_to_thread=False)},
        operation_class=listing(PageQuery),
        responses=answers(400),
    )
    @inject
    async def list_sites(
        self,
        request: Request[Any, Any, Any],
        asked: NamedDependency[PageQuery],
        list_sites: FromDishka[ListSites],
        place: FromDishka[SitePlace],
    ) -> ListResponse[SiteResponse]:
        """All sites, by slug."""
        page = await list_sites(asked.slice)
        shown = Page(page.count, [SiteResponse.of(site, place) for site in page.results])
        return listed(shown, asked, request)

    @post(
        dto=StrictJson[CreateSiteRequest],
        return_dto=None,
        response_headers=[ETAG, LOCATION],
        responses=answers(409, body=True),
    )
    @inject
    async def create_site(
        self,
        data: JSONBody[CreateSiteRequest],
        create_site: FromDishka[CreateSite],
        answer: FromDishka[SiteAnswer],
    ) -> JsonResponse[SiteResponse]:
        """Create a site. It is active, with its own schema, when the answer arrives."""
        site = await create_site(
            organization=data.organization,
            name=data.name,
            slug=data.slug,
            description=data.description,
            role=data.role,
        )
        return await answer(site, created=True)

    @get("/{slug:str}", response_headers=[ETAG], responses=answers())
    @inject
    async def show_site(
        self, slug: FromPath[str], show_site: FromDishka[ShowSite], place: FromDishka[SitePlace]
    ) -> JsonResponse[SiteResponse]:
        """One site."""
        site = await show_site(slug=slug)
        return JsonResponse(SiteResponse.of(site, place), headers=etag(site.version))

    @delete(
        "/{slug:str}",
        dependencies={"asked": Provide(from_query(DeleteSiteQuery), sync_to_thread=False)},
        operation_class=listing(DeleteSiteQuery),
        responses=answers(400, 412),
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

    @post(
        "/{slug:str}/suspend",
        status_code=HTTP_200_OK,
        response_headers=[ETAG],
        responses=answers(412, 422),
    )
    @inject
    async def suspend_site(
        self,
        slug: FromPath[str],
        suspend_site: FromDishka[SuspendSite],
        answer: FromDishka[SiteAnswer],
        if_match: IfMatch = None,
    ) -> JsonResponse[SiteResponse]:
        """Close a site for a while: its hosts answer 503, its data stays."""
        return await answer(await suspend_site(slug=slug, seen=seen_versions(if_match)))

    @post(
        "/{slug:str}/resume",
        status_code=HTTP_200_OK,
        response_headers=[ETAG],
        responses=answers(412, 422),
    )
    @inject
    async def resume_site(
        self,
        slug: FromPath[str],
        resume_site: FromDishka[ResumeSite],
        answer: FromDishka[SiteAnswer],
        if_match: IfMatch = None,
    ) -> JsonResponse[SiteResponse]:
        """Open a suspended site again."""
        return await answer(await resume_site(slug=slug, seen=seen_versions(if_match)))

    @post(
        "/{slug:str}/rename",
        dto=StrictJson[RenameSiteRequest],
        return_dto=None,
        status_code=HTTP_200_OK,
        response_headers=[ETAG],
        responses=answers(409, 412, body=True),
    )
    @inject
    async def rename_site(
        self,
        slug: FromPath[str],
        data: JSONBody[RenameSiteRequest],
        rename_site: FromDishka[RenameSite],
        answer: FromDishka[SiteAnswer],
        if_match: IfMatch = None,
    ) -> JsonResponse[SiteResponse]:
        """Give a site another slug, and with it another host and schema."""
        renamed = await rename_site(slug=slug, new_slug=data.slug, seen=seen_versions(if_match))
        return await answer(renamed)
