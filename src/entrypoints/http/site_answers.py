"""How a site looks on the wire."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlsplit
from uuid import UUID

from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED
from msgspec import Struct

from adapters.cache.site_directory import CachedSiteDirectory
from application.shared.page import Page
from application.tenancy.read_sites import ShowSite
from application.tenancy.views import SiteView
from domain.tenancy.site import Site, SiteRole, SiteStatus
from domain.tenancy.slug import SiteSlug
from entrypoints.http.context import RequestContext
from entrypoints.http.etags import etag
from entrypoints.http.json_response import JsonResponse
from entrypoints.settings import Settings


class SitePlace:
    """Where sites are, seen from where the request came in: same scheme, same port."""

    def __init__(self, context: RequestContext, settings: Settings) -> None:
        parts = urlsplit(context.origin)
        self._scheme = parts.scheme
        self._port = f":{parts.port}" if parts.port else ""
        self._base = settings.base_domains[0]

    def url(self, site: SiteView) -> str:
        host = site.primary_domain or f"{site.slug}.{self._base}"
        return f"{self._scheme}://{host}{self._port}/"


class SiteResponse(Struct):
    """A site. `organization` is the slug of its owner, `primary_domain` a verified domain of its own, `url` where
    it answers; `is_primary` tells the one that an organization shows first; `settings` are the client's own.
    """

    id: UUID
    slug: str
    schema_name: str
    name: str
    description: str
    organization: str
    role: SiteRole
    is_primary: bool
    status: SiteStatus
    settings: dict[str, Any]
    primary_domain: str | None
    url: str
    created_at: datetime
    updated_at: datetime
    created_by: UUID | None
    version: int

    @classmethod
    def of(cls, site: SiteView, place: SitePlace) -> Self:
        return cls(
            id=site.id,
            slug=site.slug,
            schema_name=SiteSlug(site.slug).schema.name,
            name=site.name,
            description=site.description,
            organization=site.organization,
            role=site.role,
            is_primary=site.is_primary,
            status=site.status,
            settings=dict(site.settings),
            primary_domain=site.primary_domain,
            url=place.url(site),
            created_at=site.created_at,
            updated_at=site.updated_at,
            created_by=site.created_by,
            version=site.version,
        )


def shown_sites(page: Page[SiteView], place: SitePlace) -> Page[SiteResponse]:
    return Page(page.count, [SiteResponse.of(site, place) for site in page.results])


@dataclass(frozen=True, slots=True)
class SiteAnswer:
    """The answer to a change of a site, once this process routes by it; the others follow in seconds."""

    show_site: ShowSite
    directory: CachedSiteDirectory
    place: SitePlace

    async def __call__(self, site: Site, *, created: bool = False) -> JsonResponse[SiteResponse]:
        await self.directory.catch_up()
        shown = await self.show_site(slug=site.slug.value)
        headers = etag(shown.version)
        if created:
            headers["Location"] = f"/api/sites/{site.slug.value}/"
        return JsonResponse(
            SiteResponse.of(shown, self.place),
            status_code=HTTP_201_CREATED if created else HTTP_200_OK,
            headers=headers,
        )
