from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from application.shared.page import ANY_TIME, FIRST_PAGE, PageRequest, Period
from domain.projects.project import Project, ProjectStatus


@dataclass(slots=True)
class ProjectView:
    """A project as it is shown. `owner` and `created_by` are user ids of the same site.

    `task_count` is of all its tasks: whoever may view a project may view every task in it.
    """

    id: UUID
    name: str
    description: str
    status: ProjectStatus
    owner: UUID
    task_count: int
    created_at: datetime
    updated_at: datetime
    created_by: UUID | None
    version: int

    @classmethod
    def of(cls, project: Project, task_count: int) -> Self:
        return cls(
            id=project.id,
            name=project.name,
            description=project.description,
            status=project.status,
            owner=project.owner,
            task_count=task_count,
            created_at=project.created_at,
            updated_at=project.updated_at,
            created_by=project.created_by,
            version=project.version,
        )


class ProjectOrder(StrEnum):
    NAME = "name"
    NAME_DOWN = "-name"
    STATUS = "status"
    STATUS_DOWN = "-status"
    CREATED_AT = "created_at"
    CREATED_AT_DOWN = "-created_at"
    UPDATED_AT = "updated_at"
    UPDATED_AT_DOWN = "-updated_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectQuery:
    """Which projects, in which order; None filters nothing. `search` looks in name and description."""

    page: PageRequest = FIRST_PAGE
    search: str | None = None
    status: ProjectStatus | None = None
    owner: UUID | None = None
    created: Period = ANY_TIME
    ordering: ProjectOrder = ProjectOrder.CREATED_AT_DOWN
