from dataclasses import dataclass, replace

from application.projects.ports import ProjectRepository
from application.shared.ports import Clock, UnitOfWork
from domain.projects.project import PROJECTS, Project
from domain.shared.caller import Caller, Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreProject:
    """Open a project again that was deleted, under its id and as it was; grants on it do not come back.

    It takes what opening one does, of whoever may view every project: for another owner, to change every project.
    """

    caller: Caller
    projects: ProjectRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, project: Project) -> Project:
        self.caller.require(PROJECTS.view)
        self.caller.require(Permission.PROJECTS_CREATE)
        if project.owner != self.caller.user_id:
            self.caller.require(PROJECTS.change)
        restored = replace(project, updated_at=self.clock(), version=project.version + 1)
        async with self.work:
            await self.projects.add(restored)
        return restored
