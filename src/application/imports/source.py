from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from application.files.read_files import ShowFile
from application.files.store import FileStore, NotUploadedError
from application.files.views import FileView
from application.imports.csv_records import NotCsvError, Record
from application.imports.layout import Layout, laid_out
from application.imports.views import ImportTerms
from domain.files.file import FileStatus, NoSuchFileError
from domain.files.upload import FileId, UploadId
from domain.shared.errors import InvalidError

MOST_BYTES: Final = 32 << 20
MOST_LINES: Final = 100_000


class UnknownFileError(InvalidError):
    def __init__(self, problem: str = "is not a file of this site that you may view") -> None:
        super().__init__({"file": [problem]})


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSource:
    """The file that is imported: one that the caller may view, whose bytes are there and open."""

    show_file: ShowFile
    store: FileStore

    async def require(self, file_id: UUID) -> FileView:
        """Raise `UnknownFileError`, also for one that is too large."""
        try:
            file = await self.show_file(file_id=FileId(file_id))
        except NoSuchFileError as error:
            raise UnknownFileError from error
        if file.status is not FileStatus.STORED:
            raise UnknownFileError(f"is {file.status.value}")
        if file.size > MOST_BYTES:
            raise UnknownFileError(f"has more than {MOST_BYTES} bytes")
        return file

    async def count(self, terms: ImportTerms) -> int:
        """How many lines there are. All of the file is read: what is no CSV is found before anything is written.

        Raise `UnknownFileError`, `NotCsvError`.
        """
        file = await self.require(terms.file)
        if file.upload_id != terms.upload_id:
            raise UnknownFileError("has got other bytes since the import was asked for")
        number = 0
        async for _ in self.records(terms):
            number += 1
            if number > MOST_LINES:
                raise NotCsvError(f"has more than {MOST_LINES} lines")
        return number

    async def records(self, terms: ImportTerms) -> AsyncIterator[tuple[Layout, Record]]:
        try:
            async for one in laid_out(self.store.read(UploadId(terms.upload_id)), terms.delimiter):
                yield one
        except NotUploadedError as error:
            raise UnknownFileError("has gone, or got other bytes, since the import was asked for") from error
