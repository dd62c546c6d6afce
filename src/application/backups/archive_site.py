from dataclasses import dataclass
from typing import Final

from application.backups.askers_right import AskersRight
from application.backups.back_up_site import require_schema
from application.backups.job_steps import JobSteps
from application.backups.ports import BackupRepository
from application.backups.schema_ports import SchemaBuilding, SchemaChangedError
from application.backups.site_closing import SiteClosing
from application.backups.taking import BackupTaking
from application.backups.views import BackupResult
from application.shared.jobs import NotNowError, Once
from application.tenancy.ports import SiteSchemas
from domain.backups.backup import Backup, BackupId, BackupKind
from domain.backups.manifest import Manifest
from domain.tenancy.site import SiteId, SiteStatus

_STEP: Final = "archived"
_ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaDropping:
    """Drops the schema of a site of which this is all."""

    closing: SiteClosing
    building: SchemaBuilding
    backups: BackupRepository
    schemas: SiteSchemas
    once: Once

    async def __call__(self, backup: Backup, manifest: Manifest) -> bool:
        """False, and nothing, where the schema is not any more what the manifest says, or the site is open.

        Raise `BackupStatusError` where the backup was given up or begun anew meanwhile.
        """
        try:
            async with self.closing.work:
                site = await self.closing.sites.get_by_id(SiteId(backup.site_id))
                if site.status is SiteStatus.ACTIVE:
                    return False
                if await self.once(_STEP):
                    await self._put_in_place(backup)
                    await self.building.require_unchanged(site.schema, manifest.tables)
                    await self.schemas.drop(site.schema)
                    await self.closing.sites.save(site.archive(at=self.closing.clock()))
        except SchemaChangedError:
            return False
        return True

    async def _put_in_place(self, backup: Backup) -> None:
        """The one archive of its site. Others that are there, or under way, are older."""
        now = (await self.backups.get(backup.id)).require_same(backup.attempt)
        await self.backups.save(now.put_in_place())
        for one in await self.backups.of_site(SiteId(backup.site_id)):
            if one.id != backup.id and one.kind is BackupKind.ARCHIVE:
                await self.backups.save((await self.backups.get(one.id)).set_aside())


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSite:
    """Put a site away: its hosts answer 503, its schema is in the store alone, its row and its files stay.

    The site is closed, backed up, and its schema dropped in a transaction that keeps everybody out and finds it as it
    is in the backup; where somebody was still writing, another backup is taken. Safe to repeat. Where it fails, the
    site opens again.
    """

    taking: BackupTaking
    closing: SiteClosing
    dropping: SchemaDropping
    steps: JobSteps
    right: AskersRight

    async def __call__(self, *, backup_id: BackupId) -> BackupResult:
        backup = await self.taking.ending.find(backup_id)
        site = await self.closing.begin(SiteId(backup.site_id))
        if site.status is not SiteStatus.ARCHIVED and not await self.steps.is_done(_STEP):
            await self.right.require(site)
            async with self.closing.opened_on_failure(require_schema(site).id):
                await self._put_away(backup_id, site.id)
        return BackupResult(backup=backup_id, site=site.slug.value)

    async def _put_away(self, backup_id: BackupId, site_id: SiteId) -> None:
        for _ in range(_ATTEMPTS):
            await self.closing.close(site_id)
            backup, manifest = await self.taking(backup_id, await self.closing.find(site_id))
            if await self.dropping(backup, manifest):
                return
        raise NotNowError("somebody goes on writing into the site")
