from dataclasses import dataclass

from application.files.sweep_sites import DiscardSite
from application.shared.jobs import Jobs
from application.shared.ports import Clock, UnitOfWork
from application.tenancy.ports import SiteRepository, SiteSchemas
from application.tenancy.site_standing import SiteStanding
from domain.shared.versions import require_version
from domain.tenancy.membership import OrganizationRight
from domain.tenancy.site import RETIREMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteSite:
    """Destroy a site: its schema goes, its row stays as deleted. `confirm` must repeat the slug.

    The bytes of its files are discarded afterwards. Nobody can have the slug for ten minutes. Hosts that it had
    before it was renamed lead nowhere from now on.
    """

    site_standing: SiteStanding
    sites: SiteRepository
    schemas: SiteSchemas
    jobs: Jobs
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, slug: str, confirm: str, seen: frozenset[int] | None) -> None:
        async with self.work:
            site = await self.site_standing.require(slug, OrganizationRight.MANAGE_SITES)
            require_version(site.version, seen)
            now = self.clock()
            deleted = site.delete(at=now, confirm=confirm)
            await self.sites.retire(site.slug, site.id, until=now + RETIREMENT)
            await self.schemas.drop(site.schema)
            await self.sites.save(deleted)
            await self.jobs.add(DiscardSite, site_id=site.id)
