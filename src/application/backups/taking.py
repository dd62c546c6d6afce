from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import NewType

from application.backups.dump_reading import DumpReading
from application.backups.dump_writing import MANIFEST, Dumped, DumpWriting, part_of
from application.backups.file_keeping import FileKeeping
from application.backups.ports import BackupRepository, ManifestCodec
from application.shared.jobs import Progress
from application.shared.ports import Clock, UnitOfWork
from domain.backups.backup import Backup, BackupId
from domain.backups.manifest import FORMAT, Manifest
from domain.shared.errors import DomainError
from domain.tenancy.site import Site, SiteId

Release = NewType("Release", str)
"""Which release of Taruvi this is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupEnding:
    """The row of a backup that is being taken."""

    backups: BackupRepository
    work: UnitOfWork
    clock: Clock
    release: Release

    async def find(self, backup_id: BackupId) -> Backup:
        """As it is now. Raise `BackupNotFoundError`."""
        async with self.work:
            return await self.backups.get(backup_id)

    async def begin(self, backup_id: BackupId) -> Backup:
        async with self.work:
            backup = (await self.backups.get(backup_id)).begin()
            await self.backups.hold(SiteId(backup.site_id))
            await self.backups.save(backup)
        return backup

    async def complete(self, begun: Backup, manifest: Manifest, size: int, sha256: bytes) -> Backup:
        """Raise `BackupStatusError` where another run has begun it anew."""
        async with self.work:
            backup = (
                (await self.backups.get(begun.id))
                .require_same(begun.attempt)
                .complete(
                    size=size + manifest.dump_size,
                    sha256=sha256,
                    revision=manifest.revision,
                    rows=manifest.rows,
                    files=len(manifest.files),
                    file_bytes=manifest.file_bytes,
                    at=self.clock(),
                )
            )
            await self.backups.save(backup)
        return backup

    async def complete_export(self, begun: Backup, size: int, sha256: bytes) -> None:
        async with self.work:
            backup = (await self.backups.get(begun.id)).require_same(begun.attempt)
            await self.backups.save(backup.complete(size=size, sha256=sha256, at=self.clock()))

    async def fail(self, begun: Backup, error: Exception) -> None:
        """Unless another run has begun it anew."""
        async with self.work:
            backup = await self.backups.find(begun.id)
            if backup is not None and backup.attempt == begun.attempt:
                told = str(error) if isinstance(error, DomainError) else f"{type(error).__name__}: see the log"
                await self.backups.save(backup.fail(told))

    def manifest(self, dumped: Dumped, site: Site) -> Manifest:
        return Manifest(
            format=FORMAT,
            site_id=site.id,
            slug=site.slug.value,
            schema=site.schema.name,
            revision=dumped.revision,
            taken_at=self.clock(),
            taruvi=self.release,
            server=dumped.server,
            pg_dump=dumped.pg_dump,
            dump_size=dumped.written.size,
            dump_sha256=dumped.written.sha256.hex(),
            tables=dumped.tables,
            files=dumped.files,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupTaking:
    """Takes a backup: dump, read back, files, manifest; only then is it ready.

    Nothing of a site changes by it. One that fails, or is interrupted anywhere, can be taken once more under its id.
    """

    writing: DumpWriting
    reading: DumpReading
    keeping: FileKeeping
    codec: ManifestCodec
    ending: BackupEnding
    progress: Progress

    async def __call__(self, backup_id: BackupId, site: Site) -> tuple[Backup, Manifest]:
        backup = await self.ending.begin(backup_id)
        try:
            return await self._taken(backup, site)
        except Exception as error:
            await self.ending.fail(backup, error)
            raise

    async def _taken(self, backup: Backup, site: Site) -> tuple[Backup, Manifest]:
        self.progress(0, None, "dumping the schema")
        dumped = await self.writing(backup, site.schema)
        manifest = self.ending.manifest(dumped, site)
        self.progress(0, None, "reading the dump back")
        await self.reading.verify(backup, manifest)
        await self.keeping.keep(site.id, manifest.files)
        stored = self.codec.write(manifest)
        written = await self.writing.archives.write(part_of(backup, MANIFEST), _at_once(stored))
        await self.reading.manifest(replace(backup, sha256=written.sha256))
        return await self.ending.complete(backup, manifest, written.size, written.sha256), manifest


async def _at_once(stored: bytes) -> AsyncIterator[bytes]:
    yield stored
