"""CSV as RFC 4180 has it, and as a spreadsheet may open it."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Final

_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_line(cells: Iterable[object]) -> str:
    """One record with its line end. None is an empty cell.

    What a spreadsheet would take for a formula gets an apostrophe before it: people write what is in cells.
    """
    written = StringIO()
    csv.writer(written).writerow(["" if cell is None else _inert(str(cell)) for cell in cells])
    return written.getvalue()


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULAS) else text
