"""Kinds of objects that more than one feature knows: those that others lie in."""

from typing import Final, NewType
from uuid import UUID

from domain.shared.caller import Permission
from domain.shared.errors import NotFoundError
from domain.shared.grantable import Grantable, ObjectPermission, Party, Within

ProjectId = NewType("ProjectId", UUID)
TaskId = NewType("TaskId", UUID)


class ProjectNotFoundError(NotFoundError):
    code = "project_not_found"


class TaskNotFoundError(NotFoundError):
    code = "task_not_found"


PROJECTS: Final = Grantable(
    resource="projects",
    noun="project",
    view=Permission.PROJECTS_VIEW,
    change=Permission.PROJECTS_CHANGE,
    delete=Permission.PROJECTS_DELETE,
    share=Permission.PROJECTS_SHARE,
    absent=ProjectNotFoundError,
)
TASKS: Final = Grantable(
    resource="tasks",
    noun="task",
    view=Permission.TASKS_VIEW,
    change=Permission.TASKS_CHANGE,
    delete=Permission.TASKS_DELETE,
    share=Permission.TASKS_SHARE,
    absent=TaskNotFoundError,
    within=(Within(field="project", kind=PROJECTS),),
    parties=(
        Party(
            field="assignee",
            may=frozenset({ObjectPermission.VIEW}),
            reaches=frozenset({ObjectPermission.VIEW, ObjectPermission.CHANGE}),
        ),
    ),
)
"""Whoever has a task to do sees it, and changes its status (`application.tasks.task_authority`)."""
