import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from application.backups.store import FileVault
from application.shared.jobs import Progress
from domain.backups.manifest import KeptFile
from domain.tenancy.site import SiteId

_AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class FileKeeping:
    """Copies the bytes of a site's files, a few at once."""

    vault: FileVault
    progress: Progress

    async def keep(self, site_id: SiteId, files: Sequence[KeptFile]) -> None:
        """Those that are not kept yet. Raise `BackupDamagedError` where the site has not the bytes of its rows."""
        there = {upload_id: size async for upload_id, size in self.vault.kept(site_id)}
        missing = [file for file in files if there.get(file.upload_id) != file.size]  # type: ignore[call-overload]  # an UploadId is a UUID
        await self._each(missing, lambda file: self.vault.keep(site_id, file), "keeping files")

    async def put_back(self, site_id: SiteId, files: Sequence[KeptFile], *, into: SiteId) -> None:
        """Those that it has not. Raise `BackupDamagedError` where one is not kept as it was."""
        await self._each(files, lambda file: self.vault.put_back(site_id, file, into=into), "bringing back files")

    async def _each(self, files: Sequence[KeptFile], do: Callable[[KeptFile], Awaitable[None]], note: str) -> None:
        waiting, done = iter(files), 0

        async def work() -> None:
            nonlocal done
            for file in waiting:
                await do(file)
                done += 1
                self.progress(done, len(files), note)

        await _together([work() for _ in range(min(_AT_ONCE, len(files)))])


async def _together(works: Sequence[Awaitable[None]]) -> None:
    """All, or the first error as it is."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
