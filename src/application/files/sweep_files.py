from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from application.files.ports import FileRepository, StorageLedger, UploadRepository
from application.files.store import FileStore, StoredUpload
from application.shared.ports import Clock, UnitOfWork
from domain.files.upload import Upload, UploadId
from domain.shared.caller import Caller, Permission

MARGIN: Final = timedelta(hours=1)
"""How long an upload is let be after its requests ran out: what was sent just before may still be completed."""
YOUNG: Final = timedelta(days=1)
"""What has been in the store for less may belong to a row that is just being written."""
_SOME: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """`expired` uploads that were given up, `orphans` in the store that no row named or that were sent once more after
    they had been settled, `recounted` bytes of the ledger that were too many (or too few, below zero).
    """

    expired: int = 0
    orphans: int = 0
    recounted: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepFiles:
    """Tidy up one site: uploads that were never completed, bytes that no row names, and the count of bytes.

    For the platform itself; beside running requests and other sweeps. Safe to repeat, wherever it ended.
    With `only_look` it tells what it would do.
    """

    caller: Caller
    files: FileRepository
    uploads: UploadRepository
    ledger: StorageLedger
    store: FileStore
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, only_look: bool = False) -> Swept:
        """Raise `FileStoreUnavailableError` when all is done that needs no store."""
        self.caller.require(Permission.FILES_DELETE)
        expired = [one async for one in self._expired()]
        if only_look:
            return Swept(expired=len(expired), orphans=await self._orphans(only_look=True))
        given_up = [one for one in expired if await self._give_up(one)]
        async with self.work:
            recounted = await self.ledger.recount()
        for one in given_up:
            await self.store.discard(one.id, one.handle)
        return Swept(expired=len(given_up), orphans=await self._orphans(only_look=False), recounted=recounted)

    async def _expired(self) -> AsyncIterator[Upload]:
        before, after = self.clock() - MARGIN, None
        while some := await self.uploads.expired(before=before, after=after, limit=_SOME):
            for one in some:
                yield one
            after = some[-1].file_id

    async def _give_up(self, listed: Upload) -> bool:
        """Unless it was completed, deleted or begun anew meanwhile."""
        async with self.work:
            await self.files.find(listed.file_id)
            upload = await self.uploads.find(listed.file_id)
            if upload is None or upload.id != listed.id:
                return False
            await self.uploads.remove(listed.file_id)
            await self.ledger.take(-upload.terms.size)
        return True

    async def _orphans(self, *, only_look: bool) -> int:
        old, number, some = self.clock() - YOUNG, 0, list[StoredUpload]()
        async for one in self.store.stored():
            if one.changed_at < old:
                some.append(one)
            if len(some) == _SOME:
                number += await self._discarded(some, only_look=only_look)
                some = []
        return number + await self._discarded(some, only_look=only_look)

    async def _discarded(self, some: list[StoredUpload], *, only_look: bool) -> int:
        known = await self.uploads.known([one.id for one in some]) if some else frozenset()
        orphans = [one for one in some if one.id not in known]
        again = await self._sent_again([one.id for one in some if one.is_incoming and one.id in known])
        for one in () if only_look else orphans:
            await self.store.discard(one.id, one.handle)
        for upload_id in () if only_look else again:
            await self.store.discard_incoming(upload_id)
        return len(orphans) + len(again)

    async def _sent_again(self, incoming: list[UploadId]) -> frozenset[UploadId]:
        """Those whose requests were still good, and used, when their bytes had been settled."""
        return await self.uploads.settled(incoming) if incoming else frozenset()
