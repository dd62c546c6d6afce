"""Which types of files sites take, unless `TARUVI_FILE_TYPES` says otherwise: none that a browser would run."""

from collections.abc import Iterator
from typing import Final

from domain.files.terms import is_type_pattern

_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
_OPEN: Final = "application/vnd.oasis.opendocument"
DEFAULT_TYPES: Final = (
    "image/*",
    "audio/*",
    "video/*",
    "text/plain",
    "text/csv",
    "text/markdown",
    "text/calendar",
    "application/pdf",
    "application/json",
    "application/zip",
    "application/gzip",
    "application/x-tar",
    "application/x-7z-compressed",
    "application/rtf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    f"{_OFFICE}.wordprocessingml.document",
    f"{_OFFICE}.spreadsheetml.sheet",
    f"{_OFFICE}.presentationml.presentation",
    f"{_OPEN}.text",
    f"{_OPEN}.spreadsheet",
    f"{_OPEN}.presentation",
    "application/octet-stream",
)


def wrong_types(types: tuple[str, ...]) -> Iterator[str]:
    if not types:
        yield "TARUVI_FILE_TYPES: at least one is needed"
    for one in types:
        if not is_type_pattern(one):
            yield f"TARUVI_FILE_TYPES: {one!r} is no media type in lower case, like image/png or image/*"
