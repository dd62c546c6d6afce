"""Variables of the environment: which of them are settings, and how their text is read."""

import re
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, get_origin

import msgspec

PREFIX: Final = "TARUVI_"
_PASSWORDS: Final = ("TARUVI_ADMIN_PASSWORD", "TARUVI_USER_PASSWORD")
_NOT_SETTINGS: Final = ("TARUVI_PYTHON", "TARUVI_VENV", "TARUVI_TEST_", "TARUVI_BENCH_", *_PASSWORDS)
_PLACE: Final = re.compile(r" - at `\$.*`$")


def is_setting(key: str) -> bool:
    return key.startswith(PREFIX) and not key.startswith(_NOT_SETTINGS)


def unknown(key: str, known: list[str]) -> str:
    close = get_close_matches(key, known, n=1)
    return f"{key}: there is no such setting" + (f"; did you mean {close[0]}?" if close else "")


def read(text: str, kind: Any) -> Any:
    """Raise `ValueError` or `RuntimeError` for what is none of this kind; `reason` says why."""
    raw: Any = text
    if get_origin(kind) is tuple:
        raw = [part.strip() for part in text.split(",") if part.strip()]
    elif kind is Path:
        return Path(text).expanduser()
    return msgspec.convert(raw, kind, strict=False)


def reason(error: Exception) -> str:
    return _PLACE.sub("", str(error))
