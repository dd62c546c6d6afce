from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from application.files.file_writing import FileWriting
from application.files.ports import StorageLimitError
from application.imports.batches import ImportBatches
from application.imports.csv_records import Record
from application.imports.layout import Layout
from application.imports.lines import Draft, ImportLines
from application.imports.source import ImportSource
from application.imports.views import ImportResult, ImportTerms, LineError
from application.shared.csv_lines import csv_line
from application.shared.jobs import Progress
from domain.shared.caller import UserId

_SHOWN: Final = 50
_CHUNK: Final = 1 << 16


@dataclass(slots=True)
class Tally:
    """What has become of the lines so far."""

    lines: int = 0
    created: int = 0
    failed: int = 0
    first: list[LineError] = field(default_factory=list)
    written: bytearray = field(default_factory=bytearray)
    given: Counter[UserId] = field(default_factory=Counter)

    def add(self, lines: int, drafts: Sequence[Draft], errors: Sequence[LineError]) -> None:
        failed = {one.line for one in errors}
        made = [one for one in drafts if one.line not in failed]
        self.lines += lines
        self.created += len(made)
        self.failed += lines - len(made)
        self.given.update(one.task.assignee for one in made if one.task.assignee not in (None, one.task.owner))
        self.first += errors[: _SHOWN - len(self.first)]
        self.written += "".join(csv_line((one.line, one.field, one.message)) for one in errors).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTasks:
    """Open a task for each line of a CSV file, each by the rules of `OpenTask`; lines that are wrong are told.

    What is no CSV throughout, in UTF-8 and with a title column, is refused as a whole. Lines are written in batches,
    each all at once; the caller's permissions are those of when this run began. Safe to repeat: a batch that was
    written is not written again. A dry run does all but that, and tells the same. Who gets tasks by it is told once.
    """

    source: ImportSource
    lines: ImportLines
    batches: ImportBatches
    writing: FileWriting
    progress: Progress

    async def __call__(self, *, terms: ImportTerms) -> ImportResult:
        total, tally = await self.source.count(terms), Tally()
        async for some in _batched(self.source.records(terms), terms.batch):
            await self._batch(some, terms, tally)
            self.progress(tally.lines, total, f"{tally.created} made, {tally.failed} refused")
        if not terms.dry_run:
            await self.batches.notify(tally.given)
        is_told = bool(tally.failed) and await self._tell(terms, tally)
        return ImportResult(
            dry_run=terms.dry_run,
            lines=tally.lines,
            created=tally.created,
            failed=tally.failed,
            errors=tally.first,
            errors_file=terms.errors_file if is_told else None,
            download=f"/api/files/{terms.errors_file}/download/" if is_told else None,
        )

    async def _batch(self, some: Sequence[tuple[Layout, Record]], terms: ImportTerms, tally: Tally) -> None:
        drafts: list[Draft] = []
        errors: list[LineError] = []
        for layout, record in some:
            read = await self.lines.read(layout, record, terms.project)
            if isinstance(read, Draft):
                drafts.append(read)
            else:
                errors += read
        name = f"lines from {some[0][1].line}"
        errors += await self.batches.write(name, drafts, dry_run=terms.dry_run)
        tally.add(len(some), drafts, sorted(errors, key=lambda one: one.line))

    async def _tell(self, terms: ImportTerms, tally: Tally) -> bool:
        """False where the plan has no room: that undoes no line, and the first errors are in the result."""
        chunks = _chunks(csv_line(("line", "field", "message")).encode(), tally.written)
        try:
            await self.writing(terms.errors_file, name="import-errors.csv", content_type="text/csv", chunks=chunks)
        except StorageLimitError:
            return False
        return True


async def _batched(
    records: AsyncIterator[tuple[Layout, Record]], size: int
) -> AsyncIterator[list[tuple[Layout, Record]]]:
    some: list[tuple[Layout, Record]] = []
    async for one in records:
        some.append(one)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some


async def _chunks(header: bytes, lines: bytearray) -> AsyncIterator[bytes]:
    yield header
    for start in range(0, len(lines), _CHUNK):
        yield bytes(lines[start : start + _CHUNK])
