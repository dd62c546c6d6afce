from dataclasses import dataclass

from application.access.object_access import ObjectAccess
from application.projects.ports import ProjectRepository
from application.shared.ports import UnitOfWork
from domain.projects.project import PROJECTS, ProjectId
from domain.shared.grantable import ObjectPermission
from domain.shared.versions import require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteProject:
    """Delete a project and the grants on it; its history stays. With `seen`, only at one of these versions.

    It takes `delete` on the project.
    """

    access: ObjectAccess
    projects: ProjectRepository
    work: UnitOfWork

    async def __call__(self, *, project_id: ProjectId, seen: frozenset[int] | None) -> None:
        async with self.work:
            project = await self.projects.get(project_id)
            await self.access.require(PROJECTS, project_id, project.owner, ObjectPermission.DELETE)
            require_version(project.version, seen)
            await self.projects.remove(project_id)
