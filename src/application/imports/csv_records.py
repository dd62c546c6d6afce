"""CSV as it comes: UTF-8, cells quoted or not, in quotes any character, a record at a time."""

import codecs
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Final

from domain.shared.errors import InvalidError

LONGEST_RECORD: Final = 100_000
"""In characters. One that is longer has a quote that nobody closed, most likely."""
DELIMITERS: Final = (",", ";", "\t", "|")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


class NotCsvError(InvalidError):
    """The file is not what can be imported. Nothing of it was."""

    code = "not_csv"

    def __init__(self, problem: str) -> None:
        super().__init__({"file": [problem]})


@dataclass(frozen=True, slots=True)
class Record:
    """One record, and in which line of the file it begins, from 1."""

    line: int
    cells: list[str]


class CsvParser:
    """Takes text as it comes, and gives the records that are complete. Blank lines are none."""

    def __init__(self, delimiter: str) -> None:
        outside = rf"[^{re.escape(delimiter)}\r\n]*+"
        quoted = rf'"(?P<quoted>(?:[^"]++|"")*+)"(?P<rest>{outside})'
        self._cell = re.compile(
            rf"(?:{quoted}|(?P<plain>(?!\"){outside}))(?P<end>{re.escape(delimiter)}|\r\n|\r|\n|\Z)"
        )
        self._delimiter = delimiter
        self._held = ""
        self._line = 1

    def feed(self, text: str, *, is_last: bool = False) -> Iterator[Record]:
        """Raise `NotCsvError` for a record that does not end."""
        self._held += text
        start = 0
        while start < len(self._held):
            cells, end = self._record(start, is_last=is_last)
            if end is None:
                break
            if cells != [""]:
                yield Record(self._line, cells)
            self._line += len(_LINE_END.findall(self._held, start, end))
            start = end
        self._held = self._held[start:]
        if self._held and (is_last or len(self._held) > LONGEST_RECORD):
            raise NotCsvError(f"the record in line {self._line} does not end: is a quote missing there?")

    def _record(self, start: int, *, is_last: bool) -> tuple[list[str], int | None]:
        """The cells, and where it ends; None if that is not to be seen yet."""
        cells: list[str] = []
        place = start
        while found := self._cell.match(self._held, place):
            cells.append(_text(found))
            place, end = found.end(), found["end"]
            if end == self._delimiter:
                continue
            is_open = place == len(self._held) and end in ("", "\r")
            return cells, None if is_open and not is_last else place
        return cells, None


async def decoded(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    """Raise `NotCsvError` for what is not UTF-8, with or without a byte order mark, or has NUL characters."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("strict")
    try:
        async for chunk in chunks:
            yield _sound(decoder.decode(chunk))
        yield _sound(decoder.decode(b"", final=True))
    except UnicodeDecodeError as error:
        raise NotCsvError("is not UTF-8: save it as CSV in UTF-8") from error


def _sound(text: str) -> str:
    if "\0" in text:
        raise NotCsvError("has NUL characters: it is no text")
    return text


def _text(found: re.Match[str]) -> str:
    if (quoted := found["quoted"]) is not None:
        return str(quoted.replace('""', '"') + found["rest"])
    return str(found["plain"])
