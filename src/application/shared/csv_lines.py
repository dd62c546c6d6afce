"""CSV as RFC 4180 has it, and as a spreadsheet may open it."""

import csv
from collections.abc import Iterable
from io import StringIO
from typing import Final
from unicodedata import category, normalize

_FORMULAS: Final = ("=", "+", "-", "@")
_UNSEEN: Final = ("Z", "C")
"""Categories of characters that a spreadsheet may leave out before it looks: spaces, line ends, marks of no width."""


def csv_line(cells: Iterable[object]) -> str:
    """One record with its line end. None is an empty cell.

    What a spreadsheet would take for a formula gets an apostrophe before it: people write what is in cells.
    """
    written = StringIO()
    csv.writer(written).writerow(["" if cell is None else _inert(str(cell)) for cell in cells])
    return written.getvalue()


def _inert(text: str) -> str:
    """Signs of other widths count as what they look like: some spreadsheets read them as such."""
    first = next((one for one in text if category(one)[0] not in _UNSEEN), "")
    is_formula = normalize("NFKC", first).startswith(_FORMULAS) or text.startswith(("\t", "\r"))
    return f"'{text}" if is_formula else text
