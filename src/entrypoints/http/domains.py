from dataclasses import dataclass
from typing import Any

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from adapters.cache.site_directory import CachedSiteDirectory
from application.tenancy.closed_histories import DomainHistory
from application.tenancy.domains.add_domain import AddDomain
from application.tenancy.domains.read_domains import ListDomains, ShowDomain
from application.tenancy.domains.remove_domain import RemoveDomain
from application.tenancy.domains.set_primary_domain import SetPrimaryDomain
from application.tenancy.domains.verify_domain import VerifyDomain
from application.tenancy.domains.views import DomainView
from domain.tenancy.domain import Domain
from entrypoints.host_names import asked_domain, typed_domain
from entrypoints.http.answers import ETAG, LOCATION, answers
from entrypoints.http.domains_wire import AddDomainRequest, DomainListQuery
from entrypoints.http.etags import IfMatch, etag, seen_versions
from entrypoints.http.guards import platform_user
from entrypoints.http.history import AS_OF, Past
from entrypoints.http.history_wire import AsOfQuery
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.lists import ListResponse, listed, listing
from entrypoints.http.wire import StrictJson, from_query


@dataclass(frozen=True, slots=True)
class DomainAnswer:
    """The answer to a change of a domain, once this process routes by it; the others follow in seconds."""

    directory: CachedSiteDirectory

    async def __call__(self, domain: Domain) -> JsonResponse[DomainView]:
        await self.directory.catch_up()
        return JsonResponse(DomainView.of(domain), status_code=HTTP_200_OK, headers=etag(domain.version))


class DomainController(Controller):
    path = "/api/sites/{slug:str}/domains"
    tags = ("Domains",)
    before_request = staticmethod(platform_user)
    security = ({"BearerToken": []},)

    @get(
        dependencies={"asked": Provide(from_query(DomainListQuery), sync_to_thread=False)},
        operation_class=listing(DomainListQuery),
        responses=answers(400, permitted=False),
    )
    @inject
    async def list_domains(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        asked: NamedDependency[DomainListQuery],
        list_domains: FromDishka[ListDomains],
    ) -> ListResponse[DomainView]:
        """The custom domains of a site, by name unless ordered otherwise."""
        return listed(await list_domains(slug=slug, query=asked.as_query()), asked, request)

    @post(
        dto=StrictJson[AddDomainRequest],
        return_dto=None,
        response_headers=[ETAG, LOCATION],
        responses=answers(409, 422, body=True),
    )
    @inject
    async def add_domain(
        self, slug: FromPath[str], data: JSONBody[AddDomainRequest], add_domain: FromDishka[AddDomain]
    ) -> JsonResponse[DomainView]:
        """Claim a domain for a site. Publish the TXT record in `verification`, then verify the domain."""
        domain = await add_domain(slug=slug, domain=typed_domain(data.domain))
        headers = etag(domain.version) | {"Location": f"/api/sites/{slug}/domains/{domain.domain}/"}
        return JsonResponse(DomainView.of(domain), status_code=HTTP_201_CREATED, headers=headers)

    @get("/{domain:str}", response_headers=[ETAG], responses=answers(400, permitted=False), **AS_OF)
    @inject
    async def show_domain(
        self,
        slug: FromPath[str],
        domain: FromPath[str],
        show_domain: FromDishka[ShowDomain],
        asked: NamedDependency[AsOfQuery],
        past: FromDishka[Past],
    ) -> JsonResponse[DomainView]:
        """One custom domain of a site."""
        if (then := await past(DomainHistory, asked, slug=slug, domain=asked_domain(domain))) is not None:
            return then
        shown = await show_domain(slug=slug, domain=asked_domain(domain))
        return JsonResponse(shown, headers=etag(shown.version))

    @delete("/{domain:str}", responses=answers(412, 422))
    @inject
    async def remove_domain(
        self,
        slug: FromPath[str],
        domain: FromPath[str],
        remove_domain: FromDishka[RemoveDomain],
        directory: FromDishka[CachedSiteDirectory],
        if_match: IfMatch = None,
    ) -> None:
        """Give a domain up. The site answers there no more within 5 seconds."""
        await remove_domain(slug=slug, domain=asked_domain(domain), seen=seen_versions(if_match))
        await directory.catch_up()

    @post("/{domain:str}/verify", status_code=HTTP_200_OK, response_headers=[ETAG], responses=answers(409, 422))
    @inject
    async def verify_domain(
        self,
        slug: FromPath[str],
        domain: FromPath[str],
        verify_domain: FromDishka[VerifyDomain],
        answer: FromDishka[DomainAnswer],
    ) -> JsonResponse[DomainView]:
        """Look for the TXT record of a domain now. With it the domain is `verified`, without it `failed`; both are
        answered with 200. 409 `domain_taken`: it is verified for another site whose record is still there.
        503 `dns_unavailable`: DNS gave no answer, and nothing has changed.
        """
        return await answer(await verify_domain(slug=slug, domain=asked_domain(domain)))

    @post("/{domain:str}/primary", status_code=HTTP_200_OK, response_headers=[ETAG], responses=answers(422))
    @inject
    async def set_primary_domain(
        self,
        slug: FromPath[str],
        domain: FromPath[str],
        set_primary_domain: FromDishka[SetPrimaryDomain],
        answer: FromDishka[DomainAnswer],
    ) -> JsonResponse[DomainView]:
        """Make a verified domain the one in the site's `url`. The one before is primary no more."""
        return await answer(await set_primary_domain(slug=slug, domain=asked_domain(domain)))
