"""JSON that customers keep with a resource and that the service does not look into."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from domain.shared.checks import Checks, is_text


def check_document(checks: Checks, field: str, document: Mapping[str, Any], *, longest: int) -> None:
    """At most `longest` bytes as JSON in UTF-8, and no text in it that a database cannot keep."""
    try:
        size = len(json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8", "surrogatepass"))
    except (TypeError, ValueError, RecursionError):
        checks.require(field, "is no JSON object, or is nested too deeply", holds=False)
        return
    checks.require(field, f"may have at most {longest} bytes", holds=size <= longest)
    checks.require(
        field,
        "may have neither NUL nor half a surrogate pair",
        holds=all(is_text(text) and "\0" not in text for text in _texts(document)),
    )


def _texts(document: Mapping[str, Any]) -> Iterator[str]:
    rest: list[Any] = [document]
    while rest:
        match rest.pop():
            case str() as text:
                yield text
            case Mapping() as mapping:
                rest += [*mapping.keys(), *mapping.values()]
            case list() as items:
                rest += items
