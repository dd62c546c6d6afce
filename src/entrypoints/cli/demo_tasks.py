"""The tasks of the demo: of every status and priority, some late, some the admin's to do, and one Rita's."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from dishka import AsyncContainer

from application.access.grant_views import SEES_ALL
from application.identity.ports import UserRepository
from application.projects.ports import ProjectReader
from application.projects.views import ProjectOrder, ProjectQuery, ProjectView
from application.shared.page import PageRequest
from application.shared.ports import Clock, NewId, UnitOfWork
from application.tasks.ports import TaskReader, TaskRepository
from application.tasks.views import TaskQuery
from domain.identity.user import User
from domain.shared.caller import UserId
from domain.shared.kinds import ProjectId, TaskId
from domain.tasks.task import Task, TaskPriority, TaskStatus
from entrypoints.cli.demo_sharing import REVIEWER

TASKS: Final = 240
_STEPS: Final = ("Write the plan", "Ask for offers", "Order the material", "Train the team")
_OLDEST: Final = ProjectQuery(page=PageRequest(size=TASKS // len(_STEPS)), ordering=ProjectOrder.CREATED_AT)
_ONE: Final = TaskQuery(page=PageRequest(size=1))


async def make_tasks(container: AsyncContainer, admin: str) -> None:
    """Four in each of the oldest projects, all in one transaction: there are none, or all of them."""
    users, clock = await container.get(UserRepository), await container.get(Clock)
    owner, reviewer = await users.find_by_login(admin), await users.find_by_login(REVIEWER)
    found = await (await container.get(TaskReader)).page(_ONE, SEES_ALL, today=clock().date())
    if found.count or owner is None:
        return
    projects = (await (await container.get(ProjectReader)).page(_OLDEST, SEES_ALL)).results
    tasks, new_id = await container.get(TaskRepository), await container.get(NewId)
    async with await container.get(UnitOfWork):
        for task in _tasks(projects, owner, reviewer, clock(), new_id):
            await tasks.add(task)


def _tasks(
    projects: list[ProjectView], owner: User, reviewer: User | None, now: datetime, new_id: NewId
) -> Iterator[Task]:
    places = [(project, step) for project in projects for step in _STEPS]
    for number, (project, step) in enumerate(places):
        is_last = number == len(places) - 1
        doer = reviewer.id if is_last and reviewer else (owner.id, None)[number % 2]
        yield _task(TaskId(new_id()), project, step=step, number=number, owner=owner.id, doer=doer, now=now)


def _task(
    task_id: TaskId,
    project: ProjectView,
    *,
    step: str,
    number: int,
    owner: UserId,
    doer: UserId | None,
    now: datetime,
) -> Task:
    """The number decides of status, priority and dates: done in the last twelve weeks, due around today."""
    status = list(TaskStatus)[number * 7 // 4 % 4]
    done = now - timedelta(days=number % 84)
    made = done - timedelta(days=14)
    return Task(
        id=task_id,
        project=ProjectId(project.id),
        title=step,
        description=f"For {project.name}.",
        status=status,
        priority=list(TaskPriority)[number % 4],
        assignee=doer,
        due_date=None if number % 3 == 0 else (now + timedelta(days=number % 30 - 10)).date(),
        completed_at=done if status is TaskStatus.DONE else None,
        owner=owner,
        created_at=made,
        updated_at=done,
        created_by=owner,
    )
