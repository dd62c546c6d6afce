from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from application.backups.schema_ports import SchemaDump, SchemaSnapshots
from application.backups.store import ArchiveStore, Part, Written
from domain.backups.backup import Backup
from domain.backups.manifest import KeptFile, TableSum
from domain.tenancy.schema import SchemaName
from domain.tenancy.site import SiteId

DUMP = "dump"
MANIFEST = "manifest.json"
EXPORT = "export.zip"


def part_of(backup: Backup, name: str) -> Part:
    """Of the attempt that is running, or was the last: one that is taken for dead, and goes on, spoils none."""
    return Part(site_id=SiteId(backup.site_id), backup_id=backup.id, name=f"{backup.attempt}-{name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dumped:
    """A dump that is in the store, and what the schema had at that instant."""

    written: Written
    tables: Mapping[str, TableSum]
    files: Sequence[KeptFile]
    revision: str
    server: str
    pg_dump: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpWriting:
    """Streams a dump of one schema into the store; everything about it is of one instant."""

    snapshots: SchemaSnapshots
    dump: SchemaDump
    archives: ArchiveStore

    async def __call__(self, backup: Backup, schema: SchemaName) -> Dumped:
        async with self.snapshots.open(schema) as snapshot:
            program = await self.dump.version(snapshot.server)
            written = await self.archives.write(part_of(backup, DUMP), self.dump.write(schema, snapshot))
            return Dumped(
                written=written,
                tables=await snapshot.tables(),
                files=await snapshot.files(),
                revision=snapshot.revision,
                server=snapshot.server,
                pg_dump=program,
            )
