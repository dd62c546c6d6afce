from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from domain.shared.caller import UserId
from domain.shared.changes import UNCHANGED, Unchanged, changed
from domain.shared.checks import Checks
from domain.shared.errors import InvalidError, RuleBrokenError
from domain.shared.kinds import PROJECTS, ProjectId, ProjectNotFoundError

__all__ = [
    "LONGEST_DESCRIPTION",
    "LONGEST_NAME",
    "PROJECTS",
    "Project",
    "ProjectChanges",
    "ProjectHasTasksError",
    "ProjectId",
    "ProjectNotFoundError",
    "ProjectStatus",
    "UnknownOwnerError",
]

LONGEST_NAME = 200
LONGEST_DESCRIPTION = 20_000


class ProjectHasTasksError(RuleBrokenError):
    """It still has tasks, and nobody said that they go with it."""

    code = "project_has_tasks"


class UnknownOwnerError(InvalidError):
    """The owner is not a user of this site."""

    def __init__(self) -> None:
        super().__init__({"owner": ["is not a user of this site"]})


class ProjectStatus(StrEnum):
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    COMPLETED = "completed"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectChanges:
    """What a partial update changes; the rest stays."""

    name: str | Unchanged = UNCHANGED
    description: str | Unchanged = UNCHANGED
    status: ProjectStatus | Unchanged = UNCHANGED
    owner: UserId | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """Work of one site, owned by one of its users."""

    id: ProjectId
    name: str
    description: str
    status: ProjectStatus
    owner: UserId
    created_at: datetime
    updated_at: datetime
    created_by: UserId | None
    version: int = 1

    def __post_init__(self) -> None:
        checks = Checks()
        checks.line("name", self.name, longest=LONGEST_NAME)
        checks.prose("description", self.description, longest=LONGEST_DESCRIPTION)
        checks.done()

    def change(self, changes: ProjectChanges, *, at: datetime) -> Self:
        return replace(
            self,
            name=changed(changes.name, self.name),
            description=changed(changes.description, self.description),
            status=changed(changes.status, self.status),
            owner=changed(changes.owner, self.owner),
            updated_at=at,
            version=self.version + 1,
        )
