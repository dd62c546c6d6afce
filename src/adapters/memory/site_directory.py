from uuid import UUID

from adapters.memory.database import MemoryDatabase
from adapters.memory.tenancy import living_sites
from application.shared.ports import Clock
from application.tenancy.ports import FollowedSiteDirectory
from application.tenancy.views import Destination
from domain.tenancy.routing import CustomHost, SiteHost
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import RETIREMENT, Site, SiteStatus


class MemorySiteDirectory(FollowedSiteDirectory):
    failures = ()

    def __init__(self, database: MemoryDatabase, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def find(self, host: SiteHost | CustomHost) -> Destination | None:
        for site in living_sites(self._database):
            if self._answers_at(host, site):
                owner = self._database.organizations[site.organization_id]
                return Destination(_scope(site), site.status is SiteStatus.ACTIVE and owner.is_active)
        return self._moved(host) if isinstance(host, SiteHost) else None

    def _answers_at(self, host: SiteHost | CustomHost, site: Site) -> bool:
        if isinstance(host, SiteHost):
            return site.slug.value == host.label
        domains = self._database.domains.values()
        return any(one.domain == host.domain and one.is_verified and one.site_id == site.id for one in domains)

    async def since(self, seen: int) -> tuple[int, list[UUID]]:
        return len(self._database.changed), self._database.changed[seen:]

    def _moved(self, host: SiteHost) -> Destination | None:
        site_id, until = self._database.retired.get(host.label, (None, self._clock()))
        if until <= self._clock() + RETIREMENT:
            return None
        living = (site for site in living_sites(self._database) if site.id == site_id)
        return next((Destination(_scope(site), is_open=False, has_moved=True) for site in living), None)


def _scope(site: Site) -> SiteScope:
    return SiteScope(site.id, site.slug.value, site.schema)
