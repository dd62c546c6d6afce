"""What the first line of a file says about the others."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

from application.imports.csv_records import DELIMITERS, LONGEST_RECORD, CsvParser, NotCsvError, Record, decoded

COLUMNS: Final = ("title", "description", "status", "priority", "assignee", "due_date", "project")


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column each cell is in."""

    columns: tuple[str, ...]

    def values(self, record: Record) -> dict[str, str]:
        """What the record has in each column, without spaces around."""
        return {name: cell.strip() for name, cell in zip(self.columns, record.cells, strict=True)}


async def laid_out(chunks: AsyncIterator[bytes], delimiter: str | None) -> AsyncIterator[tuple[Layout, Record]]:
    """Every record after the header. Without a delimiter, it is the one by which the header makes most sense.

    Raise `NotCsvError`.
    """
    texts = decoded(chunks)
    head = ""
    async for text in texts:
        head += text
        if len(head) > LONGEST_RECORD:
            break
    chosen = delimiter or _sniffed(head)
    parser = CsvParser(chosen)
    layout: Layout | None = None
    async for text, is_last in _marked(head, texts):
        for record in parser.feed(text, is_last=is_last):
            if layout is None:
                layout = _layout(record.cells)
            else:
                yield layout, record
    if layout is None:
        raise NotCsvError("is empty: its first line names the columns")


async def _marked(head: str, texts: AsyncIterator[str]) -> AsyncIterator[tuple[str, bool]]:
    """All of it, the last piece marked as such."""
    yield head, False
    async for text in texts:
        yield text, False
    yield "", True


def _sniffed(head: str) -> str:
    return max(DELIMITERS, key=lambda one: sum(name in COLUMNS for name in _header(head, one)))


def _header(head: str, delimiter: str) -> Sequence[str]:
    records = CsvParser(delimiter).feed(head, is_last=True)
    try:
        return [_name(cell) for cell in next(records, Record(1, [])).cells]
    except NotCsvError:
        return []


def _layout(header: Sequence[str]) -> Layout:
    names = tuple(_name(cell) for cell in header)
    if "title" not in names:
        raise NotCsvError("has no column title: its first line names the columns")
    unknown = [name for name in names if name not in COLUMNS]
    if unknown:
        raise NotCsvError(f"has a column {unknown[0][:50]!r}, and there are {', '.join(COLUMNS)}")
    if doubled := [name for name, number in Counter(names).items() if number > 1]:
        raise NotCsvError(f"has the column {doubled[0]} more than once")
    return Layout(names)


def _name(cell: str) -> str:
    return cell.strip().casefold().replace(" ", "_")
