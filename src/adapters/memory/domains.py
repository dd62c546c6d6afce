from collections.abc import Sequence
from operator import attrgetter

from adapters.memory.database import MemoryDatabase
from adapters.memory.paging import page_of
from application.shared.page import Page
from application.tenancy.domains.ports import (
    DomainProofs,
    DomainReader,
    DomainRepository,
    SiteInSight,
    SitesInSight,
)
from application.tenancy.domains.views import DomainQuery, DomainView
from domain.shared.caller import UserId
from domain.tenancy.domain import (
    DnsUnavailableError,
    Domain,
    DomainId,
    DomainNotFoundError,
    DomainTakenError,
    SiteDomains,
)
from domain.tenancy.membership import OrganizationRight
from domain.tenancy.site import SiteId, SiteStatus


class MemoryDomainRepository(DomainRepository):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def of_site(self, site_id: SiteId) -> SiteDomains:
        mine = [one for one in self._database.domains.values() if one.site_id == site_id]
        return SiteDomains(sorted(mine, key=attrgetter("id")))

    async def find(self, domain_id: DomainId) -> Domain | None:
        return self._database.domains.get(domain_id)

    async def find_holder(self, domain: str) -> Domain | None:
        domains = self._database.domains.values()
        return next((one for one in domains if one.domain == domain and one.is_verified), None)

    async def add(self, domain: Domain) -> None:
        self._database.domains[domain.id] = domain
        self._database.changed.append(domain.site_id)

    async def save(self, domain: Domain) -> None:
        if domain.id not in self._database.domains:
            raise DomainNotFoundError(f"the domain {domain.domain!r} is not there any more")
        holder = await self.find_holder(domain.domain)
        if domain.is_verified and holder and holder.id != domain.id:
            raise DomainTakenError(f"{domain.domain} is verified for another site")
        await self.add(domain)

    async def remove(self, domain: Domain) -> None:
        self._database.domains.pop(domain.id, None)
        self._database.changed.append(domain.site_id)


class MemorySitesInSight(SitesInSight):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def find(self, slug: str, viewer: UserId | None) -> SiteInSight | None:
        for site in self._database.sites.values():
            if site.slug.value == slug and site.status is not SiteStatus.DELETED:
                members = self._database.members.values()
                rights = [
                    one.rights
                    for one in members
                    if (one.user_id, one.organization_id) == (viewer, site.organization_id)
                ]
                if viewer is None or any(OrganizationRight.VIEW in some for some in rights):
                    return SiteInSight(site.id, site.organization_id)
        return None


class MemoryDomainReader(DomainReader):
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def page(self, site_id: SiteId, query: DomainQuery) -> Page[DomainView]:
        domains = self._database.domains.values()
        found = [one for one in domains if one.site_id == site_id and _matches(one, query)]
        key = query.ordering.value.removeprefix("-")
        found.sort(key=attrgetter(key, "id"), reverse=query.ordering.value.startswith("-"))
        return page_of([DomainView.of(one) for one in found], query.page)

    async def get(self, site_id: SiteId, domain: str) -> DomainView:
        return DomainView.of((await MemoryDomainRepository(self._database).of_site(site_id)).get(domain))

    async def verified_after(self, domain_id: DomainId | None, limit: int) -> Sequence[DomainView]:
        domains = sorted(self._database.domains.values(), key=attrgetter("id"))
        found = [one for one in domains if one.is_verified and (domain_id is None or one.id > domain_id)]
        return [DomainView.of(one) for one in found[:limit]]


class MemoryDomainProofs(DomainProofs):
    """A DNS of our own: `records` has the TXT values of each name; while it is `away`, it gives no answer."""

    def __init__(self) -> None:
        self.records: dict[str, set[str]] = {}
        self.away = False

    async def find(self, record: str) -> frozenset[str]:
        if self.away:
            raise DnsUnavailableError("DNS gives no answer; try again", retry_after=5)
        return frozenset(self.records.get(record, ()))


def _matches(domain: Domain, query: DomainQuery) -> bool:
    return (
        (query.search is None or query.search.lower() in domain.domain)
        and query.status in (None, domain.status)
        and query.is_primary in (None, domain.is_primary)
        and (query.created.start is None or query.created.start <= domain.created_at)
        and (query.created.end is None or domain.created_at <= query.created.end)
    )
