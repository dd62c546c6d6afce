from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, post
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from application.tenancy.rename_site import RenameSite
from application.tenancy.resume_site import ResumeSite
from application.tenancy.suspend_site import SuspendSite
from entrypoints.http.answers import ETAG, answers
from entrypoints.http.etags import IfMatch, seen_versions
from entrypoints.http.guards import platform_user
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.site_answers import SiteAnswer, SiteResponse
from entrypoints.http.sites_wire import RenameSiteRequest
from entrypoints.http.wire import StrictJson


class SiteStepController(Controller):
    """The steps of a site's life, each checked by the rules of the domain."""

    path = "/api/sites/{slug:str}"
    tags = ("Sites",)
    before_request = staticmethod(platform_user)
    security = ({"BearerToken": []},)

    @post("/suspend", status_code=HTTP_200_OK, response_headers=[ETAG], responses=answers(412, 422))
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

    @post("/resume", status_code=HTTP_200_OK, response_headers=[ETAG], responses=answers(412, 422))
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
        "/rename",
        dto=StrictJson[RenameSiteRequest],
        return_dto=None,
        status_code=HTTP_200_OK,
        response_headers=[ETAG],
        responses=answers(409, 412, 422, body=True),
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
        """Give a site another slug, and with it another host and schema.

        For seven days its old host answers 308 to the new one, and nobody else can have the old slug.
        """
        return await answer(await rename_site(slug=slug, new_slug=data.slug, seen=seen_versions(if_match)))
