from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.audit.entry import (
    SECRET,
    CannotRevertError,
    HistoryEntry,
    HistoryEntryId,
    NothingToRevertError,
    Operation,
    require_old_enough,
    shown,
    to_write,
)
from domain.shared.audited import Audited
from domain.shared.errors import InvalidError, NotFoundError

NOTES = Audited(
    table="notes",
    noun="note",
    absent=NotFoundError,
    shown=("id", "text", "colour", "size", "slug", "version"),
    writable=("text", "colour", "size"),
    together=("colour", "size"),
    fixed=("slug",),
    secret=("password",),
    stored=(("password", "password_hash"), ("text", "body")),
)
NOW = {"id": "1", "text": "a", "colour": "red", "size": 1, "slug": "s", "version": 4, "inner": 1}


def an_entry(**fields: Any) -> HistoryEntry:
    known: dict[str, Any] = {
        "id": HistoryEntryId(1),
        "at": datetime(2026, 1, 1, tzinfo=UTC),
        "actor": None,
        "actor_label": None,
        "impersonator": None,
        "request_id": None,
        "db_role": "postgres",
        "operation": Operation.UPDATE,
        "table": "notes",
        "row_id": UUID(int=1),
        "before": {},
        "after": {},
    }
    return HistoryEntry(**known | fields)


def test_tells_changes_of_shown_fields_alone_and_secrets_without_values() -> None:
    entry = an_entry(
        before={"text": "a", "inner": 1, "password": "x"}, after={"text": "b", "inner": 2, "password": "y", "size": 3}
    )
    assert entry.changes(NOTES) == {"text": ("a", "b"), "size": (None, 3), "password": (SECRET, SECRET)}


def test_a_state_shows_what_is_declared_in_its_order() -> None:
    assert list(shown(NOTES, NOW).items()) == [(name, NOW[name]) for name in NOTES.shown]


@pytest.mark.parametrize(
    ("label", "request_id", "who"),
    [
        ("ada", "r", "ada"),
        ("operator:root", "cli-1", "operator:root"),
        (None, None, "database:postgres"),
        (None, "r", None),
    ],
)
def test_who_it_was(label: str | None, request_id: str | None, who: str | None) -> None:
    assert an_entry(actor_label=label, request_id=request_id).who == who


def test_names_of_columns_are_those_of_fields_unless_said() -> None:
    assert [NOTES.column(name) for name in ("text", "size")] == ["body", "size"]
    assert [NOTES.field(name) for name in ("body", "size")] == ["text", "size"]


@pytest.mark.parametrize(
    ("then", "written"),
    [
        ({"text": "b"}, {"text": "b"}),
        ({"text": "b", "version": 1, "inner": 0, "id": "1"}, {"text": "b"}),
        ({"colour": "blue"}, {"colour": "blue", "size": 1}),
    ],
)
def test_what_differs_is_written_and_what_belongs_together_with_it(
    then: dict[str, Any], written: dict[str, Any]
) -> None:
    assert to_write(NOTES, then=NOW | then, now=NOW) == written


@pytest.mark.parametrize("then", [{}, {"version": 3}, {"inner": 7}, {"unknown": 1}])
def test_nothing_to_write_is_said(then: dict[str, Any]) -> None:
    with pytest.raises(NothingToRevertError):
        to_write(NOTES, then=NOW | then, now=NOW)


def test_what_takes_another_step_is_refused_whatever_else_differs() -> None:
    with pytest.raises(CannotRevertError, match="slug"):
        to_write(NOTES, then=NOW | {"slug": "t", "text": "b"}, now=NOW)


def test_what_is_never_written_cannot_be_reverted() -> None:
    closed = Audited(table="proofs", noun="proof", absent=NotFoundError, shown=("id",))
    with pytest.raises(CannotRevertError):
        to_write(closed, then={"id": "1"}, now={"id": "2"})


def test_only_what_is_a_month_old_may_go() -> None:
    require_old_enough(timedelta(days=30))
    with pytest.raises(InvalidError):
        require_old_enough(timedelta(days=30) - timedelta(seconds=1))
