from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from application.shared.page import ANY_TIME, FIRST_PAGE, PageRequest, Period
from domain.audit.entry import HistoryEntry, Operation
from domain.shared.audited import Audited


@dataclass(slots=True)
class ActorView:
    """Who made a change: a user by `id`, and what they were called then.

    `label` is `operator:…` for the command line, `database:…` for a role of the database that came by no request.
    """

    id: UUID | None
    label: str | None


@dataclass(slots=True)
class HistoryEntryView:
    """One change of one row. `changes` has, of each field that changed, what it was and what it became.

    `at` is when its transaction began. `impersonator` is the platform's admin who acted as the actor.
    """

    id: int
    at: datetime
    actor: ActorView
    impersonator: UUID | None
    request_id: str | None
    operation: Operation
    table: str
    row_id: UUID
    changes: dict[str, tuple[Any, Any]]

    @classmethod
    def of(cls, entry: HistoryEntry, kind: Audited) -> Self:
        return cls(
            id=entry.id,
            at=entry.at,
            actor=ActorView(entry.actor, entry.who),
            impersonator=entry.impersonator,
            request_id=entry.request_id,
            operation=entry.operation,
            table=entry.table,
            row_id=entry.row_id,
            changes=entry.changes(kind),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryQuery:
    """Which entries of one row, newest first; None filters nothing. `field` is one that changed, by its shown name."""

    page: PageRequest = FIRST_PAGE
    actor: UUID | None = None
    at: Period = ANY_TIME
    operation: Operation | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Prunable:
    """`count` entries are older than `before`; `first_kept` is the id of the first one that stays."""

    before: datetime
    first_kept: int
    count: int
