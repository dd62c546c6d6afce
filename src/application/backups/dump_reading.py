import hashlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from application.backups.dump_writing import DUMP, MANIFEST, part_of
from application.backups.ports import ManifestCodec
from application.backups.schema_ports import SchemaBuilding, SchemaDump
from application.backups.store import ArchiveStore
from domain.backups.backup import Backup, BackupDamagedError
from domain.backups.manifest import Manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class DumpReading:
    """Reads what backups consist of, and takes nothing for it that is not what was written."""

    archives: ArchiveStore
    codec: ManifestCodec
    dump: SchemaDump
    building: SchemaBuilding

    async def manifest(self, backup: Backup) -> Manifest:
        """Raise `BackupDamagedError`."""
        stored = b"".join([chunk async for chunk in self.archives.read(part_of(backup, MANIFEST))])
        if hashlib.sha256(stored).digest() != backup.sha256:
            raise BackupDamagedError("the manifest of the backup is not the one that was written")
        return self.codec.read(stored)

    async def script(self, backup: Backup, manifest: Manifest) -> AsyncGenerator[bytes, None]:
        """The rows of its dump. Raise `BackupDamagedError`, at the latest at the end: nothing may be kept before."""
        checked = self._checked(backup, manifest)
        async with aclosing(self.dump.data(checked)) as chunks:
            async for chunk in chunks:
                yield chunk

    async def verify(self, backup: Backup, manifest: Manifest) -> None:
        """Read the whole dump back, unpack it, and count. Raise `BackupDamagedError` where anything is otherwise."""
        async with aclosing(self.script(backup, manifest)) as script:
            found = await self.building.count(script)
        expected = {name: table.rows for name, table in manifest.tables.items()}
        if wrong := sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name)):
            raise BackupDamagedError(f"the dump has other rows than the manifest tells: {', '.join(wrong)}")

    async def _checked(self, backup: Backup, manifest: Manifest) -> AsyncGenerator[bytes, None]:
        digest, size = hashlib.sha256(), 0
        async for chunk in self.archives.read(part_of(backup, DUMP)):
            digest.update(chunk)
            size += len(chunk)
            yield chunk
        if (size, digest.hexdigest()) != (manifest.dump_size, manifest.dump_sha256):
            raise BackupDamagedError("the dump is not the one that was written")
