from dataclasses import dataclass

from application.files.discard_uploads import DiscardUploads, Leftover
from application.files.ports import FileRepository, StorageLedger, UploadRepository
from application.shared.jobs import Jobs
from domain.files.file import HasFilesError
from domain.files.upload import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedFiles:
    """The files that lie in a project, in its tasks too, or in a task, when that is deleted."""

    files: FileRepository
    uploads: UploadRepository
    ledger: StorageLedger
    jobs: Jobs

    async def remove(self, place: Place, *, with_files: bool) -> None:
        """They go, and what is on its way there: it is nobody's file yet. Their bytes are discarded after the commit.

        Inside the transaction that has locked the place. Raise `HasFilesError` if there are files and nobody said
        that they go too.
        """
        found = await self.files.find_in(place)
        if found and not with_files:
            raise HasFilesError(f"{len(found)} files lie in it: delete it with_files=true, or them first")
        ended = await self.uploads.remove_in(place, [file.id for file in found])
        for file in found:
            await self.files.remove(file.id)
        if leftovers := [*map(Leftover.of_file, found), *map(Leftover.of, ended)]:
            await self.jobs.add(DiscardUploads, leftovers=leftovers)
        sizes = [file.terms.size for file in found] + [upload.terms.size for upload in ended]
        await self.ledger.take(-sum(sizes))
