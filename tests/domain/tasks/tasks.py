"""Builders for the domain of tasks."""

from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from domain.shared.caller import UserId
from domain.shared.kinds import ProjectId, TaskId
from domain.tasks.task import Task, TaskPriority, TaskStatus
from tests.domain.identity.people import NOON

TODAY: Final = NOON.date()
ADA, BOB = UserId(UUID(int=1)), UserId(UUID(int=2))
MOON, MARS = ProjectId(UUID(int=8)), ProjectId(UUID(int=9))


def a_task(**fields: Any) -> Task:
    """Ada's, to be done by Bob in the project Moon."""
    task = Task(
        id=TaskId(UUID(int=7)),
        project=MOON,
        title="Paint",
        description="White",
        status=TaskStatus.TODO,
        priority=TaskPriority.HIGH,
        assignee=BOB,
        due_date=date(2026, 1, 1),
        completed_at=None,
        owner=ADA,
        created_at=NOON,
        updated_at=NOON,
        created_by=ADA,
    )
    return replace(task, **fields)
