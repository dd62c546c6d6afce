import unicodedata
from typing import Final

from domain.shared.checks import Checks

LONGEST_NAME: Final = 255


def check_name(checks: Checks, name: str) -> None:
    """What a file may be called: one line that means no folder, neither in a path nor in a header."""
    checks.line("name", name, longest=LONGEST_NAME)
    checks.require("name", "may have no line separators", holds=not any(map(_separates_lines, name)))
    checks.require("name", "may have neither / nor \\", holds="/" not in name and "\\" not in name)
    checks.require("name", "may not be . or ..", holds=name.strip() not in (".", ".."))


def _separates_lines(character: str) -> bool:
    return unicodedata.category(character) in ("Zl", "Zp")
