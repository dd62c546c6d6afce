from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from adapters.memory.database import MemoryDatabase, MemorySchema
from adapters.memory.organizations import MemoryOrganizationRepository
from adapters.memory.paging import page_of
from adapters.memory.storage import forget_storage
from adapters.memory.usage import days_of
from application.shared.page import Page
from application.tenancy.ports import (
    SiteReader,
    SiteRepository,
    SiteSchemas,
)
from application.tenancy.views import SiteFilesView, SiteQuery, SiteRowsView, SiteUsageView, SiteView
from domain.jobs.job import ENDED
from domain.shared.caller import UserId
from domain.tenancy.organization import OrganizationId, OrganizationNotFoundError
from domain.tenancy.schema import SchemaName
from domain.tenancy.site import Site, SiteId, SiteNotFoundError, SiteStatus, SlugTakenError
from domain.tenancy.slug import SiteSlug


class MemorySiteRepository(SiteRepository):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def get(self, slug: str) -> Site:
        return _find(self._database, slug)

    async def get_by_id(self, site_id: SiteId) -> Site:
        site = self._database.sites.get(site_id)
        if site is None or site.status is SiteStatus.DELETED:
            raise _not_there(str(site_id))
        return site

    async def find_primary(self, organization_id: OrganizationId) -> Site | None:
        primary = (site for site in living_sites(self._database) if site.is_primary)
        return next((site for site in primary if site.organization_id == organization_id), None)

    async def left_closed(self, limit: int) -> Sequence[Site]:
        ended = {job_id for job_id, stored in self._database.jobs.items() if stored.job.status in ENDED}
        suspended = (site for site in living_sites(self._database) if site.status is SiteStatus.SUSPENDED)
        return [site for site in suspended if site.closed_by in ended][:limit]

    async def count(self, organization_id: OrganizationId) -> int:
        return sum(site.organization_id == organization_id for site in living_sites(self._database))

    async def add(self, site: Site) -> None:
        await self.save(site)

    async def save(self, site: Site) -> None:
        slug = site.slug.value
        if site.status is not SiteStatus.DELETED:
            others = [other for other in living_sites(self._database) if other.id != site.id]
            if any(other.slug == site.slug for other in others):
                raise SlugTakenError(f"the slug {slug} is taken")
            holder, until = self._database.retired.get(slug, (site.id, site.updated_at))
            if holder != site.id and until > site.updated_at:
                raise SlugTakenError(f"the slug {slug} was given up lately")
        else:
            self._release_domains(site.id)
            forget_storage(self._database, site.id, site.organization_id)
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

    async def page(self, query: SiteQuery, viewer: UserId | None) -> Page[SiteView]:
        seen = [site for site in living_sites(self._database) if self._sees(viewer, site.organization_id)]
        found = [view for view in map(self._to_view, seen) if _matches(view, query)]
        key, down = query.ordering.value.removeprefix("-"), query.ordering.value.startswith("-")
        found.sort(key=attrgetter(key, "id"), reverse=down)
        return page_of(found, query.page)

    async def get(self, slug: str, viewer: UserId | None) -> SiteView:
        return self._to_view(self._seen(slug, viewer))

    async def find_deleted(self, slug: str) -> UUID | None:
        sites = self._database.sites.values()
        deleted = [one for one in sites if one.status is SiteStatus.DELETED and one.slug.value == slug]
        return max(deleted, key=attrgetter("updated_at")).id if deleted else None

    async def usage(self, slug: str, viewer: UserId | None, *, days: int) -> SiteUsageView:
        """Memory takes nothing in any database."""
        site = self._seen(slug, viewer)
        schema = self._database.schemas.get(site.schema.name, MemorySchema())
        rows = SiteRowsView(
            users=len(schema.users),
            projects=len(schema.projects),
            tasks=len(schema.tasks),
            groups=len(schema.groups),
        )
        files = SiteFilesView(len(schema.files), self._database.site_storage.get(site.id, 0))
        allowed = self._database.organizations[site.organization_id].max_storage_bytes
        return SiteUsageView(rows, files, 0, allowed, days_of(self._database, site.id, days))

    async def require_organization(self, slug: str, viewer: UserId | None) -> None:
        organization = await MemoryOrganizationRepository(self._database).get(slug)
        if not self._sees(viewer, organization.id):
            raise OrganizationNotFoundError(f"there is no organization {slug!r}")

    def _seen(self, slug: str, viewer: UserId | None) -> Site:
        site = _find(self._database, slug)
        if not self._sees(viewer, site.organization_id):
            raise _not_there(slug)
        return site

    def _sees(self, viewer: UserId | None, organization_id: OrganizationId) -> bool:
        mine = (one for one in self._database.members.values() if one.user_id == viewer and one.is_active)
        return viewer is None or any(one.organization_id == organization_id for one in mine)

    def _to_view(self, site: Site) -> SiteView:
        return SiteView(
            id=site.id,
            slug=site.slug.value,
            name=site.name,
            description=site.description,
            organization=self._database.organizations[site.organization_id].slug,
            role=site.role,
            is_primary=site.is_primary,
            status=site.status,
            settings=site.settings,
            primary_domain=self._primary_domain(site.id),
            created_at=site.created_at,
            updated_at=site.updated_at,
            created_by=site.created_by,
            version=site.version,
        )

    def _primary_domain(self, site_id: SiteId) -> str | None:
        domains = self._database.domains.values()
        return next((one.domain for one in domains if one.site_id == site_id and one.is_primary), None)


def _matches(site: SiteView, query: SiteQuery) -> bool:
    text = f"{site.slug}\n{site.name}\n{site.description}".casefold()
    return (
        (query.search is None or query.search.casefold() in text)
        and query.organization in (None, site.organization)
        and query.status in (None, site.status)
        and query.role in (None, site.role)
        and (query.created.start is None or query.created.start <= site.created_at)
        and (query.created.end is None or site.created_at <= query.created.end)
    )


def _find(database: MemoryDatabase, slug: str) -> Site:
    for site in living_sites(database):
        if site.slug.value == slug:
            return site
    raise _not_there(slug)


def _not_there(slug: str) -> SiteNotFoundError:
    return SiteNotFoundError(f"there is no site {slug!r}")


def living_sites(database: MemoryDatabase) -> list[Site]:
    return [site for site in database.sites.values() if site.status is not SiteStatus.DELETED]
