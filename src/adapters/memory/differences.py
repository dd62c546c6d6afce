"""What a transaction changed in the end, told as the audit trigger of PostgreSQL tells it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Final, TypeAlias
from uuid import UUID

from domain.audit.entry import SECRET, Operation

Tables: TypeAlias = dict[str, Mapping[Any, Any]]
"""Rows by their keys, by the names of their tables; each row is a frozen entity with an `id`."""

_TEXTS: Final[dict[type, Callable[[Any], str]]] = {UUID: str, date: date.isoformat, bytes: bytes.hex}


@dataclass(frozen=True, slots=True)
class Change:
    table: str
    row_id: UUID
    operation: Operation
    before: dict[str, Any]
    after: dict[str, Any]


def differences(before: Tables, after: Tables) -> Iterator[Change]:
    for table, rows in after.items():
        olds = before.get(table, {})
        for key, old in olds.items():
            if key not in rows:
                yield Change(table, old.id, Operation.DELETE, row_of(old), {})
        for key, new in rows.items():
            if key not in olds:
                yield Change(table, new.id, Operation.INSERT, {}, row_of(new))
            elif olds[key] is not new and (changed := _changed(olds[key], new)):
                old_values, new_values = changed
                yield Change(table, new.id, Operation.UPDATE, old_values, new_values)


def row_of(entity: Any) -> dict[str, Any]:
    """Its fields, without secrets, in the values that a history has; what has several values, with each of them."""
    row: dict[str, Any] = {}
    for field in fields(entity):
        value = getattr(entity, field.name)
        if is_dataclass(value) and not hasattr(value, "value"):
            row |= row_of(value)
        elif not field.name.endswith("_hash") and (plain := _plain(value)) is not NotImplemented:
            row[field.name] = plain
    return row


def _changed(old: Any, new: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
    olds, news = row_of(old), row_of(new)
    names = [name for name in news if olds.get(name) != news[name]]
    secrets = [
        field.name
        for field in fields(new)
        if field.name.endswith("_hash") and getattr(old, field.name) != getattr(new, field.name)
    ]
    if not names and not secrets:
        return None
    told = dict.fromkeys(secrets, SECRET)
    return {name: olds.get(name) for name in names} | told, {name: news[name] for name in names} | told


def _plain(value: Any) -> Any:
    """A value object gives its one value."""
    match value:
        case Enum():
            return value.value
        case None | bool() | datetime() | int() | float() | str():
            return value
        case UUID() | date() | bytes():
            return _TEXTS[type(value)](value)
        case frozenset():
            return sorted(str(one) for one in value)
        case Mapping():
            return dict(value)
    return getattr(value, "value", NotImplemented)
