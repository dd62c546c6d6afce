from dataclasses import dataclass

from application.shared.ports import Clock, UnitOfWork
from application.tenancy.ports import SiteRepository
from application.tenancy.site_standing import SiteStanding
from domain.shared.versions import require_version
from domain.tenancy.membership import OrganizationRight
from domain.tenancy.site import Site, SiteChanges


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSite:
    """Change some or all fields of a site.

    If it becomes the primary one of its organization, the one that was steps down, in the same transaction.
    With `seen`, only if the site still is at one of these versions: no update is lost unseen.
    """

    site_standing: SiteStanding
    sites: SiteRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, slug: str, changes: SiteChanges, seen: frozenset[int] | None) -> Site:
        async with self.work:
            site = await self.site_standing.require(slug, OrganizationRight.MANAGE_SITES)
            require_version(site.version, seen)
            now = self.clock()
            changed = site.change(changes, at=now)
            if changed.is_primary and not site.is_primary:
                primary = await self.sites.find_primary(site.organization_id)
                if primary is not None:
                    await self.sites.save(primary.step_down(at=now))
            await self.sites.save(changed)
        return changed
