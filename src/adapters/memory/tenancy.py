from datetime import datetime
from uuid import UUID

from adapters.memory.database import MemoryDatabase, MemorySchema
from adapters.memory.paging import page_of
from application.shared.page import Page, PageRequest
from application.tenancy.ports import (
    FollowedSiteDirectory,
    SiteReader,
    SiteRepository,
    SiteSchemas,
)
from application.tenancy.views import Destination, SiteView
from domain.tenancy.organization import OrganizationId
from domain.tenancy.routing import CustomHost, SiteHost
from domain.tenancy.schema import SchemaName
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import Site, SiteId, SiteNotFoundError, SiteStatus, SlugTakenError
from domain.tenancy.slug import SiteSlug


class MemorySiteRepository(SiteRepository):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def get(self, slug: str) -> Site:
        return _find(self._database, slug)

    async def count(self, organization_id: OrganizationId) -> int:
        return sum(site.organization_id == organization_id for site in _living(self._database))

    async def add(self, site: Site) -> None:
        await self.save(site)

    async def save(self, site: Site) -> None:
        slug = site.slug.value
        if site.status is not SiteStatus.DELETED:
            others = [other for other in _living(self._database) if other.id != site.id]
            if any(other.slug == site.slug for other in others):
                raise SlugTakenError(f"the slug {slug} is taken")
            holder, until = self._database.retired.get(slug, (site.id, site.updated_at))
            if holder != site.id and until > site.updated_at:
                raise SlugTakenError(f"the slug {slug} was given up lately")
        else:
            self._release_domains(site.id)
        self._database.sites[site.id] = site
        self._database.changed.append(site.id)

    async def retire(self, slug: SiteSlug, site_id: SiteId, *, until: datetime) -> None:
        self._database.retired[slug.value] = (site_id, until)

    def _release_domains(self, site_id: SiteId) -> None:
        kept = {key: one for key, one in self._database.domains.items() if one.site_id != site_id}
        self._database.domains = kept


class MemorySiteSchemas(SiteSchemas):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def create(self, site: Site) -> None:
        self._require_free(site.schema)
        self._database.schemas[site.schema.name] = MemorySchema()

    async def rename(self, old: SchemaName, new: SchemaName) -> None:
        self._require_free(new)
        self._database.schemas[new.name] = self._database.schemas.pop(old.name)

    async def drop(self, schema: SchemaName) -> None:
        self._database.schemas.pop(schema.name, None)

    def _require_free(self, schema: SchemaName) -> None:
        if schema.name in self._database.schemas:
            raise SlugTakenError(f"there is a schema {schema.name} already")


class MemorySiteReader(SiteReader):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def page(self, page: PageRequest) -> Page[SiteView]:
        sites = sorted(_living(self._database), key=lambda site: site.slug.value)
        return page_of([self._to_view(site) for site in sites], page)

    async def get(self, slug: str) -> SiteView:
        return self._to_view(_find(self._database, slug))

    def _to_view(self, site: Site) -> SiteView:
        return SiteView(
            id=site.id,
            slug=site.slug.value,
            name=site.name,
            description=site.description,
            organization=self._database.organizations[site.organization_id].slug,
            role=site.role,
            status=site.status,
            primary_domain=self._primary_domain(site.id),
            created_at=site.created_at,
            updated_at=site.updated_at,
            created_by=site.created_by,
            version=site.version,
        )

    def _primary_domain(self, site_id: SiteId) -> str | None:
        domains = self._database.domains.values()
        return next((one.domain for one in domains if one.site_id == site_id and one.is_primary), None)


class MemorySiteDirectory(FollowedSiteDirectory):
    failures = ()

    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def find(self, host: SiteHost | CustomHost) -> Destination | None:
        for site in _living(self._database):
            if self._answers_at(host, site):
                owner = self._database.organizations[site.organization_id]
                scope = SiteScope(site.id, site.slug.value, site.schema)
                return Destination(scope, site.status is SiteStatus.ACTIVE and owner.is_active)
        return None

    def _answers_at(self, host: SiteHost | CustomHost, site: Site) -> bool:
        if isinstance(host, SiteHost):
            return site.slug.value == host.label
        domains = self._database.domains.values()
        return any(one.domain == host.domain and one.is_verified and one.site_id == site.id for one in domains)

    async def since(self, seen: int) -> tuple[int, list[UUID]]:
        return len(self._database.changed), self._database.changed[seen:]


def _find(database: MemoryDatabase, slug: str) -> Site:
    for site in _living(database):
        if site.slug.value == slug:
            return site
    raise SiteNotFoundError(f"there is no site {slug!r}")


def _living(database: MemoryDatabase) -> list[Site]:
    return [site for site in database.sites.values() if site.status is not SiteStatus.DELETED]
