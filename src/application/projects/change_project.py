from dataclasses import dataclass

from application.projects.ports import ProjectRepository
from application.shared.ports import Clock, UnitOfWork
from domain.projects.project import Project, ProjectChanges, ProjectId
from domain.shared.caller import Caller, Permission
from domain.shared.versions import require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProject:
    """Change some or all fields of a project.

    With `seen`, only if the project still is at one of these versions: no update is lost unseen.
    """

    caller: Caller
    projects: ProjectRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, project_id: ProjectId, changes: ProjectChanges, seen: frozenset[int] | None) -> Project:
        self.caller.require(Permission.PROJECTS_CHANGE)
        async with self.work:
            project = await self.projects.get(project_id)
            require_version(project.version, seen)
            changed = project.change(changes, at=self.clock())
            await self.projects.save(changed)
        return changed
