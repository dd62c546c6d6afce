from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from application.backups.dump_reading import DumpReading
from application.backups.ports import BackupRepository
from application.backups.store import FileVault
from application.shared.ports import UnitOfWork
from domain.backups.backup import Backup, BackupDamagedError, BackupId, BackupKind, BackupStatus
from domain.files.upload import UploadId
from domain.tenancy.site import SiteId

_SOME: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCollecting:
    """Discards the files that no backup of a site needs any more.

    A backup that is begun waits for it, and it leaves alone a site of which one is being taken: so none takes for
    kept what is going.
    """

    reading: DumpReading
    vault: FileVault
    backups: BackupRepository
    work: UnitOfWork

    async def __call__(self, site_id: SiteId) -> int:
        """How many; none where a manifest cannot be read, for nobody knows then what is needed."""
        sources = _sources(await self.backups.of_site(site_id))
        try:
            needed = {file.upload_id for one in sources for file in (await self.reading.manifest(one)).files}
        except BackupDamagedError:
            return 0
        over = [upload_id async for upload_id, _size in self.vault.kept(site_id) if upload_id not in needed]
        known, number = {one.id for one in sources}, 0
        for start in range(0, len(over), _SOME):
            number += await self._discarded(site_id, over[start : start + _SOME], known)
        return number

    async def _discarded(self, site_id: SiteId, some: Sequence[UploadId], known: Collection[BackupId]) -> int:
        async with self.work:
            await self.backups.hold(site_id)
            there = await self.backups.of_site(site_id)
            if any(one.status is BackupStatus.RUNNING for one in there) or {one.id for one in _sources(there)} - set(
                known
            ):
                return 0
            await self.vault.discard(site_id, some)
        return len(some)


def _sources(there: Sequence[Backup]) -> list[Backup]:
    return [one for one in there if one.status is BackupStatus.READY and one.kind is not BackupKind.EXPORT]
