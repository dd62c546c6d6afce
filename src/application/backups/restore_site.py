from dataclasses import dataclass
from typing import Final

from application.backups.askers_right import AskersRight
from application.backups.ports import BackupRepository
from application.backups.replacing import SchemaReplacing
from application.backups.restoring import Rebuilding
from application.backups.site_closing import SiteClosing
from application.backups.taking import BackupTaking
from application.backups.views import BackupResult
from application.shared.jobs import NotNowError
from domain.backups.backup import Backup, BackupId, BackupKind, BackupStatus
from domain.backups.manifest import Manifest
from domain.tenancy.schema import SchemaName
from domain.tenancy.site import Site, SiteId, SiteStatus

_ATTEMPTS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreSite:
    """Bring a backup back: into the site it is of, or into another one that was made for it.

    A site that is open stays so until what comes is built; then it is closed, backed up as `previous_id`, and one
    transaction puts the new schema in the place of the old one and opens it, unless a person has closed it. Whoever was
    signed in signs in anew, except where an archived site comes back as it was. Safe to repeat. Where it fails, the
    site is as before.
    """

    rebuilding: Rebuilding
    replacing: SchemaReplacing
    taking: BackupTaking
    closing: SiteClosing
    backups: BackupRepository
    right: AskersRight

    async def __call__(
        self, *, backup_id: BackupId, site_id: SiteId, previous_id: BackupId | None = None, as_it_was: bool = False
    ) -> BackupResult:
        """`as_it_was`: an archived site comes back with who is signed in there."""
        is_done, site = await self.replacing.is_done(), await self.closing.begin(site_id)
        async with self.closing.work:
            backup = await self.backups.get(backup_id)
        if not is_done:
            await self.right.require(site)
            backup.require_ready(BackupKind.BACKUP, BackupKind.ARCHIVE)
            await self._bring_rows(backup, site, previous_id, as_it_was=as_it_was)
        if backup.status is BackupStatus.READY:
            await self.rebuilding.bring_files(backup, site)
        return BackupResult(backup=backup_id, site=site.slug.value)

    async def _bring_rows(self, backup: Backup, site: Site, previous_id: BackupId | None, *, as_it_was: bool) -> None:
        is_archived = site.status is SiteStatus.ARCHIVED and backup.site_id == site.id
        scratch = await self.rebuilding(backup, site, keeps_sessions=as_it_was and is_archived)
        if site.status in (SiteStatus.ARCHIVED, SiteStatus.PROVISIONING):
            await self.replacing(scratch, site.id, None)
        else:
            async with self.closing.opened_on_failure(site.id):
                await self._replace(scratch, site, previous_id)

    async def _replace(self, scratch: SchemaName, site: Site, previous_id: BackupId | None) -> None:
        for _ in range(_ATTEMPTS):
            await self.closing.close(site.id)
            if await self.replacing(scratch, site.id, await self._previous(site, previous_id)):
                return
        raise NotNowError("somebody goes on writing into the site")

    async def _previous(self, site: Site, previous_id: BackupId | None) -> Manifest:
        """What the site has now, in a backup of its own."""
        if previous_id is None:
            raise ValueError("a site that has data is backed up first")
        return (await self.taking(previous_id, await self.closing.find(site.id)))[1]
