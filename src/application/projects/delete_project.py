from dataclasses import dataclass

from application.projects.ports import ProjectRepository
from application.shared.ports import UnitOfWork
from domain.projects.project import ProjectId
from domain.shared.caller import Caller, Permission
from domain.shared.versions import require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteProject:
    """Delete a project; its history stays. With `seen`, only at one of these versions."""

    caller: Caller
    projects: ProjectRepository
    work: UnitOfWork

    async def __call__(self, *, project_id: ProjectId, seen: frozenset[int] | None) -> None:
        self.caller.require(Permission.PROJECTS_DELETE)
        async with self.work:
            project = await self.projects.get(project_id)
            require_version(project.version, seen)
            await self.projects.remove(project_id)
