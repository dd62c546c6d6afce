"""How bytes are handed to a browser: under their name, saved and not shown, and as nothing that it would run."""

import unicodedata
from typing import Final
from urllib.parse import quote

_INERT: Final = frozenset(
    (
        *("image/png", "image/jpeg", "image/gif", "image/webp", "audio/mpeg", "video/mp4", "video/webm"),
        *("text/plain", "text/csv", "application/json", "application/pdf", "application/zip"),
    )
)
_OPAQUE: Final = "application/octet-stream"
_SEPARATORS: Final = frozenset('/\\"%')
_UNSEEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
"""Unicode categories: control and format characters (some turn the direction of writing), surrogates, unassigned."""
_MOST_BYTES: Final = 255
"""What file systems take. Longer names lose the middle, and keep what follows the last dot."""


def inert_type(content_type: str) -> str:
    """The type without parameters where browsers run none of its kind, else that of opaque bytes."""
    essence = content_type.partition(";")[0].strip().lower()
    return essence if essence in _INERT else _OPAQUE


def attachment(name: str) -> str:
    """The value of a Content-Disposition (RFC 6266) that saves a file under this name. ASCII, and short."""
    shown = _short("".join("_" if _is_unfit(letter) else letter for letter in name))
    if not shown.strip(" ."):
        shown = "file"
    plain = "".join(letter if letter.isascii() else "_" for letter in shown)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(shown, safe='')}"


def _is_unfit(letter: str) -> bool:
    return letter in _SEPARATORS or unicodedata.category(letter) in _UNSEEN


def _short(name: str) -> str:
    if len(name.encode()) <= _MOST_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    tail = f"{dot}{ending}".encode()
    if not stem or len(tail) > _MOST_BYTES // 2:
        stem, tail = name, b""
    return (stem.encode()[: _MOST_BYTES - len(tail)] + tail).decode(errors="ignore")
