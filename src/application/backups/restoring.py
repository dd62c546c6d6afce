from collections.abc import Collection
from contextlib import aclosing
from dataclasses import dataclass
from uuid import UUID

from application.backups.dump_reading import DumpReading
from application.backups.file_keeping import FileKeeping
from application.backups.schema_ports import SchemaBuilding
from application.shared.jobs import Progress
from domain.backups.backup import Backup, BackupId
from domain.backups.manifest import OF_SESSIONS, UNFINISHED
from domain.tenancy.schema import SchemaName
from domain.tenancy.site import Site, SiteId


def scratch_name(backup_id: BackupId, site_id: SiteId) -> SchemaName:
    """No site's can end so, for no slug ends with a hyphen."""
    return SchemaName(f"restoring_{UUID(int=backup_id.int ^ site_id.int).hex}_")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilding:
    """Makes of a backup what a site needs, beside what the site has now, which is let be until all is there.

    A schema under another name, compared with the manifest row by row, and the bytes of the files.
    """

    reading: DumpReading
    building: SchemaBuilding
    keeping: FileKeeping
    progress: Progress

    async def __call__(self, backup: Backup, site: Site, *, keeps_sessions: bool) -> SchemaName:
        """Raise `BackupDamagedError`, `BackupRevisionError`. Safe to repeat."""
        self.progress(0, None, "reading the manifest")
        manifest = await self.reading.manifest(backup)
        self.building.require_known(manifest.revision)
        await self.keeping.put_back(SiteId(backup.site_id), manifest.files, into=site.id)
        self.progress(0, None, "building the schema")
        scratch = scratch_name(backup.id, site.id)
        without: Collection[str] = () if keeps_sessions else OF_SESSIONS | UNFINISHED
        async with aclosing(self.reading.script(backup, manifest)) as script:
            await self.building.build(scratch, script, manifest, without=without)
        return scratch

    async def bring_files(self, backup: Backup, site: Site) -> None:
        """Once more, when the rows are there: who deletes bytes looks for a row, and found none until then."""
        manifest = await self.reading.manifest(backup)
        await self.keeping.put_back(SiteId(backup.site_id), manifest.files, into=site.id)
