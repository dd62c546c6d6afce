from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.errors import InvalidError
from domain.tasks.task import LONGEST_DESCRIPTION, TaskChanges, TaskPriority, TaskStatus
from tests.domain.identity.people import NOON
from tests.domain.tasks.tasks import ADA, BOB, MARS, TODAY, a_task

LATER = NOON + timedelta(hours=1)


def test_a_change_leaves_the_rest_alone() -> None:
    changed = a_task().change(TaskChanges(priority=TaskPriority.LOW), at=LATER)

    assert changed == a_task(priority=TaskPriority.LOW, updated_at=LATER, version=2)


def test_every_field_can_be_changed() -> None:
    fields: dict[str, Any] = {
        "project": MARS,
        "title": "Brush",
        "description": "",
        "status": TaskStatus.CANCELLED,
        "priority": TaskPriority.URGENT,
        "assignee": None,
        "due_date": None,
        "owner": BOB,
    }
    assert a_task().change(TaskChanges(**fields), at=LATER) == a_task(**fields, updated_at=LATER, version=2)


@given(st.lists(st.sampled_from(TaskStatus), min_size=1))
def test_it_is_completed_when_it_becomes_done_and_only_as_long_as_it_is(statuses: list[TaskStatus]) -> None:
    task, since = a_task(), None
    for hour, status in enumerate(statuses):
        at = NOON + timedelta(hours=hour)
        before, task = task, task.change(TaskChanges(status=status), at=at)
        since = since if status is before.status else at
        assert task.completed_at == (since if status is TaskStatus.DONE else None)


@pytest.mark.parametrize("title", ["", "  ", "x" * 301, "a\0b", "two\nlines", "half \ud800"])
def test_refuses_a_bad_title(title: str) -> None:
    with pytest.raises(InvalidError) as refused:
        a_task(title=title)
    assert refused.value.details.keys() == {"title"}


def test_refuses_everything_wrong_at_once() -> None:
    with pytest.raises(InvalidError) as refused:
        a_task(title="", description="x" * (LONGEST_DESCRIPTION + 1), status=TaskStatus.DONE)
    assert refused.value.details.keys() == {"title", "description", "completed_at"}
    with pytest.raises(InvalidError):
        a_task(completed_at=NOON)


@pytest.mark.parametrize("status", TaskStatus)
@pytest.mark.parametrize(("days", "late"), [(-1, True), (0, False), (1, False), (None, False)])
def test_it_is_overdue_from_the_day_after_as_long_as_it_is_open(
    status: TaskStatus, days: int | None, *, late: bool
) -> None:
    due = None if days is None else TODAY + timedelta(days=days)
    task = a_task(due_date=due).change(TaskChanges(status=status), at=NOON)

    assert task.is_overdue(on=TODAY) == (late and status in (TaskStatus.TODO, TaskStatus.IN_PROGRESS))


@pytest.mark.parametrize(
    ("changes", "alone"),
    [
        ({}, True),
        ({"status": TaskStatus.DONE}, True),
        ({"status": TaskStatus.DONE, "title": "Paint", "assignee": BOB, "owner": ADA}, True),
        ({"status": TaskStatus.DONE, "title": "Brush"}, False),
        ({"status": TaskStatus.DONE, "assignee": None}, False),
        ({"due_date": date(2026, 1, 2)}, False),
        ({"project": MARS}, False),
        ({"owner": BOB}, False),
    ],
)
def test_what_changes_in_its_status_alone(changes: dict[str, Any], *, alone: bool) -> None:
    assert a_task().changes_in_status_alone(TaskChanges(**changes)) is alone
