from dataclasses import dataclass
from uuid import UUID

from application.projects.ports import ProjectRepository
from application.shared.ports import Clock, NewId, UnitOfWork
from domain.projects.project import PROJECTS, Project, ProjectId, ProjectStatus
from domain.shared.caller import Caller, Permission, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenProject:
    """Open a project in the caller's site.

    Its owner is the caller. Another one may be named by whoever may change every project.
    """

    caller: Caller
    projects: ProjectRepository
    work: UnitOfWork
    clock: Clock
    new_id: NewId

    async def __call__(self, *, name: str, description: str, status: ProjectStatus, owner: UUID | None) -> Project:
        self.caller.require(Permission.PROJECTS_CREATE)
        owned_by = UserId(owner) if owner else self.caller.require_user()
        if owned_by != self.caller.user_id:
            self.caller.require(PROJECTS.change)
        now = self.clock()
        project = Project(
            id=ProjectId(self.new_id()),
            name=name,
            description=description,
            status=status,
            owner=owned_by,
            created_at=now,
            updated_at=now,
            created_by=self.caller.user_id,
        )
        async with self.work:
            await self.projects.add(project)
        return project
