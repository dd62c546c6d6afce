"""Versions on the wire: `ETag: "3"` out, `If-Match` in (RFC 9110)."""

import re
from typing import Annotated, Final, TypeAlias

from litestar.params import HeaderParameter

_STRONG: Final = re.compile(r'"([0-9]{1,9})"')

IfMatch: TypeAlias = Annotated[
    str | None,
    HeaderParameter(
        name="If-Match",
        description="Do it only if the resource still has one of these ETags; otherwise 412.",
    ),
]


def etag(version: int) -> dict[str, str]:
    return {"ETag": f'"{version}"'}


def seen_versions(if_match: str | None) -> frozenset[int] | None:
    """The versions a client has seen; None: any. What is not an ETag of ours matches nothing."""
    if if_match is None or if_match.strip() == "*":
        return None
    candidates = (_STRONG.fullmatch(part.strip()) for part in if_match.split(","))
    return frozenset(int(found[1]) for found in candidates if found)
