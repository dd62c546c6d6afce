from dataclasses import dataclass

from application.files.discard_uploads import DiscardUploads, Leftover
from application.files.file_standing import FileStanding
from application.files.ports import StorageLedger
from application.shared.jobs import Jobs
from application.shared.ports import UnitOfWork
from domain.files.file import File
from domain.files.upload import FileId, Upload
from domain.shared.grantable import ObjectPermission
from domain.shared.versions import require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteFile:
    """Delete a file, there or pending, with the grants on it; its history stays. With `seen`, only at one of these
    versions.

    It takes `delete` on the file. The store need not answer: the bytes are discarded afterwards.
    """

    standing: FileStanding
    ledger: StorageLedger
    jobs: Jobs
    work: UnitOfWork

    async def __call__(self, *, file_id: FileId, seen: frozenset[int] | None) -> None:
        async with self.work:
            file, upload = await self.standing.require(file_id, ObjectPermission.DELETE)
            require_version(_version(file, upload), seen)
            if upload is not None:
                await self.standing.uploads.remove(file_id)
            if file is not None:
                await self.standing.files.remove(file_id)
            leftovers = [Leftover.of(upload)] if upload else []
            leftovers += [Leftover.of_file(file)] if file else []
            await self.jobs.add(DiscardUploads, leftovers=leftovers)
            await self.ledger.take(-_size(file, upload))


def _version(file: File | None, upload: Upload | None) -> int:
    newest = file or upload
    return newest.version if newest else 0


def _size(file: File | None, upload: Upload | None) -> int:
    return sum(one.terms.size for one in (file, upload) if one)
