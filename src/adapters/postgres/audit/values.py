"""From what the trigger wrote to the fields of a resource."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import msgspec
from sqlalchemy import DateTime
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
    """Of JSON with the columns of a row; times, which say in which zone the writer was, in UTC."""
    times = _times(kind.table)
    values: dict[str, Any] = _DECODE(stored) if stored else {}
    return {kind.field(name): _in_utc(value) if name in times else value for name, value in values.items()}


def without_secrets(kind: Audited, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in kind.secret and not name.endswith("_hash")}


@lru_cache(maxsize=64)
def _times(table: str) -> frozenset[str]:
    return frozenset(column.name for column in table_of(table).c if isinstance(column.type, DateTime))


def _in_utc(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value).astimezone(UTC) if value else None
