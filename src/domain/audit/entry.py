from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NewType, TypeAlias
from uuid import UUID

from domain.shared.audited import Audited
from domain.shared.errors import InvalidError, NotFoundError, RuleBrokenError

HistoryEntryId = NewType("HistoryEntryId", int)

State: TypeAlias = Mapping[str, Any]
"""A row's fields, shown or not, without secrets. Values are what JSON has, but times are times; ids are text."""

SECRET: Final = "[secret]"  # noqa: S105  what stands where one was
YOUNGEST: Final = timedelta(days=30)
"""What is younger cannot be pruned; the database says the same (migrations/sql/retention.sql)."""


class HistoryEntryNotFoundError(NotFoundError):
    code = "history_entry_not_found"


class NotThenError(NotFoundError):
    """It was not there at that time: not yet, or no more."""

    code = "not_there_then"


class HistoryPrunedError(NotFoundError):
    """Nobody knows any more: the history was kept from a later time on only."""

    code = "history_pruned"


class CannotRevertError(RuleBrokenError):
    """Going back would need a step that has rules and consequences of its own."""

    code = "cannot_revert"


class NothingToRevertError(RuleBrokenError):
    """It is now as it was then."""

    code = "nothing_to_revert"


class Operation(StrEnum):
    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One change of one row. `at` is when its transaction began; of one row, the order of ids is the order of changes.

    `before` and `after` hold the fields that changed, of an insert all of `after`, of a delete all of `before`.
    `actor` is a user of the same schema; `db_role` the role of the database session, which is all that is known of
    whoever came by no entrypoint of ours: then `request_id` is None.
    """

    id: HistoryEntryId
    at: datetime
    actor: UUID | None
    actor_label: str | None
    impersonator: UUID | None
    request_id: str | None
    db_role: str
    operation: Operation
    table: str
    row_id: UUID
    before: State
    after: State

    @property
    def who(self) -> str | None:
        """The name of the actor then, or of the database role where nobody else is known."""
        return self.actor_label or (None if self.request_id else f"database:{self.db_role}")

    def changes(self, kind: Audited) -> dict[str, tuple[Any, Any]]:
        """Before and after of each field that is shown."""
        told: dict[str, tuple[Any, Any]] = {
            name: (self.before.get(name), self.after.get(name))
            for name in kind.shown
            if name in self.before or name in self.after
        }
        hidden = [name for name in kind.secret if name in self.before or name in self.after]
        return told | dict.fromkeys(hidden, (SECRET, SECRET))


def shown(kind: Audited, state: State) -> dict[str, Any]:
    """What of a state is the resource's."""
    return {name: state[name] for name in kind.shown if name in state}


def typed(values: State, types: Mapping[str, Callable[[Any], object]]) -> dict[str, Any]:
    """Fields as the domain has them: a state has text for ids, days and what is one of a few."""
    return {
        name: types[name](value) if name in types and value is not None else value for name, value in values.items()
    }


def to_write(kind: Audited, *, then: State, now: State) -> dict[str, Any]:
    """The fields to write, so that what is as `now` becomes as it was `then`.

    Raise `CannotRevertError` if that takes more than writing, `NothingToRevertError` if it takes nothing.
    """
    if not kind.writable:
        raise CannotRevertError(f"the {kind.noun} cannot be reverted: what it is follows from proofs and mails")
    differing = {name for name in then if name in now and then[name] != now[name]}
    if fixed := [name for name in kind.fixed if name in differing]:
        raise CannotRevertError(f"{' and '.join(fixed)} of a {kind.noun} cannot be reverted: {kind.instead}")
    if not (written := differing.intersection(kind.writable)):
        raise NothingToRevertError(f"there is nothing to revert: the {kind.noun} is as it was then")
    if written.intersection(kind.together):
        written.update(kind.together)
    return {name: then[name] for name in kind.writable if name in written}


def require_old_enough(older_than: timedelta) -> None:
    if older_than < YOUNGEST:
        raise InvalidError({"older_than": [f"must be {YOUNGEST.days} days or more"]})
