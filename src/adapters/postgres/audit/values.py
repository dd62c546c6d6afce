"""From what the trigger wrote to the fields of a resource."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import msgspec
from sqlalchemy import DateTime, LargeBinary
from sqlalchemy import Table as SqlTable

from adapters.postgres.tables import PLATFORM, SCOPE, TENANT, Table
from domain.shared.audited import Audited

_DECODE: Final = msgspec.json.Decoder().decode


@lru_cache(maxsize=64)
def table_of(name: str) -> SqlTable:
    """Of whichever kind of schema."""
    tables = Table.metadata.tables
    return next(tables[key] for schema in (TENANT, SCOPE, PLATFORM) if (key := f"{schema}.{name}") in tables)


def to_fields(kind: Audited, stored: str | None) -> dict[str, Any]:
    """Of JSON with the columns of a row; times, which say in which zone the writer was, in UTC, and bytes in hex."""
    read = _readings(kind.table)
    values: dict[str, Any] = _DECODE(stored) if stored else {}
    return {kind.field(name): read[name](value) if name in read and value else value for name, value in values.items()}


def without_secrets(kind: Audited, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in kind.secret and not name.endswith("_hash")}


@lru_cache(maxsize=64)
def _readings(table: str) -> dict[str, Callable[[str], object]]:
    """Of the columns whose values JSON does not have."""
    found: dict[str, Callable[[str], object]] = {}
    for column in table_of(table).c:
        if isinstance(column.type, DateTime):
            found[column.name] = _in_utc
        elif isinstance(column.type, LargeBinary):
            found[column.name] = _in_hex
    return found


def _in_utc(value: str) -> datetime:
    return datetime.fromisoformat(value).astimezone(UTC)


def _in_hex(value: str) -> str:
    return value.removeprefix("\\x")
