from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType, Self
from uuid import UUID

from domain.shared.caller import Permission, UserId
from domain.shared.changes import UNCHANGED, Unchanged, changed
from domain.shared.checks import Checks
from domain.shared.errors import InvalidError, NotFoundError
from domain.shared.grantable import Grantable

ProjectId = NewType("ProjectId", UUID)

LONGEST_NAME = 200
LONGEST_DESCRIPTION = 20_000


class ProjectNotFoundError(NotFoundError):
    code = "project_not_found"


PROJECTS: Final = Grantable(
    resource="projects",
    noun="project",
    view=Permission.PROJECTS_VIEW,
    change=Permission.PROJECTS_CHANGE,
    delete=Permission.PROJECTS_DELETE,
    share=Permission.PROJECTS_SHARE,
    absent=ProjectNotFoundError,
)


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
