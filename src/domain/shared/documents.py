"""JSON that clients keep with a resource and read back as it was, and that the service does not look into."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from domain.shared.checks import Checks, is_text

DEEPEST: Final = 20
_EXACT: Final = 1 << 53
"""Above it not every program tells two whole numbers apart (RFC 7493)."""


def check_document(checks: Checks, field: str, document: Mapping[str, Any], *, longest: int) -> None:
    """At most `longest` bytes as JSON in UTF-8, and nothing in it that a database cannot keep as it is."""
    values = list(_walk(document, 1))
    if any(depth > DEEPEST for _, depth in values):
        checks.require(field, f"may be nested {DEEPEST} deep at most", holds=False)
    elif not all(_is_sound(value) for value, _ in values):
        message = "may have no NUL, no half of a surrogate pair, and no number beyond 2^53"
        checks.require(field, message, holds=False)
    else:
        size = sum(_size(value) for value, _ in values)
        checks.require(field, f"may have at most {longest} bytes as JSON", holds=size <= longest)


def _walk(value: Any, depth: int) -> Iterator[tuple[Any, int]]:
    """Every value in it, keys too; not below what is too deep."""
    yield value, depth
    if depth > DEEPEST:
        return
    inner = [*value, *value.values()] if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    for one in inner:
        yield from _walk(one, depth + 1)


def _is_sound(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" not in value and is_text(value)
    return not isinstance(value, int | float) or abs(value) <= _EXACT


def _size(value: Any) -> int:
    """Its own bytes, without what is in it: a number written out, as PostgreSQL keeps it."""
    if isinstance(value, Mapping | list):
        separators = 2 * len(value) if isinstance(value, Mapping) else len(value)
        return 2 + max(separators - 1, 0)
    if isinstance(value, float):
        return len(f"{Decimal(repr(value)):f}")
    return len(json.dumps(value, ensure_ascii=False).encode())
