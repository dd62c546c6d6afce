from dataclasses import dataclass, replace
from typing import Final

from application.backups.asking import BackupPolicy
from application.backups.job_steps import JobSteps
from application.backups.ports import BackupRepository
from application.backups.schema_ports import SchemaBuilding, SchemaChangedError
from application.shared.jobs import Once
from application.shared.ports import Clock, UnitOfWork
from application.tenancy.ports import SiteRepository
from domain.backups.backup import BackupKind
from domain.backups.manifest import Manifest
from domain.shared.errors import DomainError
from domain.tenancy.schema import SchemaName
from domain.tenancy.site import HAVE_SCHEMAS, Site, SiteId, SiteStatus, SiteStatusError

_STEP: Final = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaReplacing:
    """Gives a site the schema that was built for it, once, and opens the site; what a person closed stays closed."""

    building: SchemaBuilding
    sites: SiteRepository
    backups: BackupRepository
    policy: BackupPolicy
    work: UnitOfWork
    once: Once
    steps: JobSteps
    clock: Clock

    async def __call__(self, scratch: SchemaName, site_id: SiteId, previous: Manifest | None) -> bool:
        """False, and nothing, where the site has not any more what `previous` says, or is open.

        Where it is refused, what was built goes.
        """
        try:
            return await self._replaced(scratch, site_id, previous)
        except DomainError:
            await self.building.discard(scratch)
            raise

    async def _replaced(self, scratch: SchemaName, site_id: SiteId, previous: Manifest | None) -> bool:
        try:
            async with self.work:
                site = await self.sites.get_by_id(site_id)
                if previous is not None and site.status is SiteStatus.ACTIVE:
                    return False
                if await self.once(_STEP):
                    is_new = site.status is SiteStatus.PROVISIONING
                    if previous is None:
                        _require_empty(site)
                        await self._stays_for_a_while(site)
                    else:
                        await self.building.require_unchanged(site.schema, previous.tables)
                    if site.status is not SiteStatus.SUSPENDED or site.closed_by is not None:
                        site = site.revive(at=self.clock())
                        await self.sites.save(site)
                    await self.building.adopt(scratch, site, is_new=is_new)
        except SchemaChangedError:
            return False
        return True

    async def _stays_for_a_while(self, site: Site) -> None:
        """What an archived site consisted of: it may have what the site has not any more."""
        until = self.clock() + self.policy.keep
        for one in await self.backups.of_site(site.id):
            if one.kind is BackupKind.ARCHIVE:
                await self.backups.save(replace(await self.backups.get(one.id), expires_at=until))

    async def is_done(self) -> bool:
        """Whether this job did it in an attempt before."""
        return await self.steps.is_done(_STEP)


def _require_empty(site: Site) -> None:
    """What a site has is replaced only where a backup of it was taken."""
    if site.status in HAVE_SCHEMAS:
        raise SiteStatusError(f"the site is {site.status} by now, and has data that is in no backup")
