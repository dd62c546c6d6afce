r"""The script that `pg_restore --data-only` writes: rows between `COPY … FROM stdin;` and `\.`, and sequences.

Between these marks there is nothing but rows, in which a backslash is always escaped; outside of them there is nothing
that a user wrote. So the marks cannot be mistaken.
"""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

_NAME: Final = rb'(?:"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)'
_COPY: Final = re.compile(rb"COPY %b\.(%b) \(((?:%b(?:, )?)*)\) FROM stdin;" % (_NAME, _NAME, _NAME))
_SEQUENCE: Final = re.compile(rb"SELECT pg_catalog\.setval\('%b\.(%b)', (\d+), (true|false)\);" % (_NAME, _NAME))
_ONE_NAME: Final = re.compile(_NAME)
_END: Final = b"\n\\.\n"


class ScriptError(ValueError):
    """It breaks off, or is none."""


@dataclass(frozen=True, slots=True)
class SequenceState:
    sequence: str
    value: int
    is_called: bool


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of a table that follow: read `rows` to the end before the next block."""

    table: str
    columns: Sequence[str]
    rows: AsyncIterator[bytes]


class DumpScript:
    """Reads a script in the memory of a chunk and a line."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self._held = b""

    async def blocks(self) -> AsyncIterator[Block | SequenceState]:
        while (line := await self._line()) is not None:
            if found := _COPY.fullmatch(line):
                columns = [_plain(one) for one in _ONE_NAME.findall(found[2])]
                yield Block(_plain(found[1]), columns, self._rows())
            elif found := _SEQUENCE.fullmatch(line):
                yield SequenceState(_plain(found[1]), int(found[2]), found[3] == b"true")

    async def _line(self) -> bytes | None:
        """The next one, without its end; None after the last."""
        while b"\n" not in self._held:
            if not await self._more():
                if self._held.strip():
                    raise ScriptError("the script ends within a line")
                return None
        line, _, self._held = self._held.partition(b"\n")
        return line

    async def _rows(self) -> AsyncIterator[bytes]:
        """Whole lines, many at once, up to the end of the block."""
        self._held = b"\n" + self._held
        while (end := self._held.find(_END)) < 0:
            cut = self._held.rfind(b"\n", 1, max(len(self._held) - len(_END), 1))
            if cut > 0:
                yield self._held[1 : cut + 1]
                self._held = self._held[cut:]
            if not await self._more():
                raise ScriptError("the script ends within a table")
        rows, self._held = self._held[1 : end + 1], self._held[end + len(_END) :]
        if rows:
            yield rows

    async def _more(self) -> bool:
        chunk = await anext(self._chunks, b"")
        self._held += chunk
        return bool(chunk)


def _plain(name: bytes) -> str:
    if name.startswith(b'"'):
        name = name[1:-1].replace(b'""', b'"')
    return name.decode()
