"""Which bytes a site takes: the types and the size that the operator allows."""

import re
from dataclasses import dataclass
from typing import Final

from domain.files.upload import UploadTerms
from domain.shared.checks import Checks

_NAME: Final = r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}"
_TYPE: Final = re.compile(rf"{_NAME}/{_NAME}")
_PATTERN: Final = re.compile(rf"{_NAME}/(\*|{_NAME})")
_SHA256_BYTES: Final = 32
_ACTIVE: Final = frozenset(
    {
        "text/html",
        "text/xml",
        "text/xsl",
        "text/javascript",
        "text/ecmascript",
        "text/jscript",
        "text/livescript",
        "text/x-javascript",
        "text/x-ecmascript",
        "text/vbscript",
        "text/css",
        "text/cache-manifest",
        "application/javascript",
        "application/x-javascript",
        "application/ecmascript",
        "application/x-ecmascript",
        "application/xml",
        "application/xml-dtd",
        "application/wasm",
        "application/x-shockwave-flash",
    }
)
"""What browsers run, or let run something: allowed where it is named, never by a `*`."""


@dataclass(frozen=True, slots=True)
class FileRules:
    """`types` are media types, or `image/*` for all of a kind that run no scripts; `largest` is in bytes."""

    types: tuple[str, ...]
    largest: int

    def terms(self, *, content_type: str, size: int, sha256: bytes) -> UploadTerms:
        """What a client announces, the type in lower case. Raise `InvalidError` with every wrong field."""
        kind = content_type.strip(" ").lower()
        checks = Checks()
        sound = bool(_TYPE.fullmatch(kind))
        checks.require("content_type", "is no media type, like image/png, without parameters", holds=sound)
        checks.require("content_type", "is not taken here", holds=not sound or self._takes(kind))
        checks.require("size", "may not be negative", holds=size >= 0)
        checks.require("size", f"may be at most {self.largest}", holds=size <= self.largest)
        checks.require("sha256", f"must be {_SHA256_BYTES} bytes", holds=len(sha256) == _SHA256_BYTES)
        checks.done()
        return UploadTerms(content_type=kind, size=size, sha256=sha256)

    def _takes(self, kind: str) -> bool:
        every = f"{kind.partition('/')[0]}/*"
        return kind in self.types or (every in self.types and not _is_active(kind))


def is_type_pattern(text: str) -> bool:
    """Whether it can stand in `FileRules.types`."""
    return bool(_PATTERN.fullmatch(text))


def _is_active(kind: str) -> bool:
    return kind in _ACTIVE or kind.endswith("+xml")
