from dataclasses import dataclass

from application.access.object_access import ObjectAccess
from application.files.placed_files import PlacedFiles
from application.projects.ports import ProjectRepository, ProjectTasks
from application.shared.ports import UnitOfWork
from domain.files.upload import Place
from domain.projects.project import PROJECTS, ProjectHasTasksError, ProjectId
from domain.shared.grantable import ObjectPermission
from domain.shared.versions import require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteProject:
    """Delete a project and the grants on it; its history stays. With `seen`, only at one of these versions.

    It takes `delete` on the project, which is `delete` on each of its tasks too. A project that has tasks is deleted
    `with_tasks` alone, all at once; a task that is being opened in it meanwhile is either among them or refused.
    The same holds for the files in it and in its tasks, `with_files`; what is being uploaded there is given up.
    """

    access: ObjectAccess
    projects: ProjectRepository
    tasks: ProjectTasks
    files: PlacedFiles
    work: UnitOfWork

    async def __call__(
        self, *, project_id: ProjectId, seen: frozenset[int] | None, with_tasks: bool = False, with_files: bool = False
    ) -> None:
        async with self.work:
            project = await self.projects.get(project_id)
            await self.access.require(PROJECTS, project_id, project.owner, ObjectPermission.DELETE)
            require_version(project.version, seen)
            await self.files.remove(Place(project=project_id), with_files=with_files)
            if with_tasks:
                await self.tasks.remove(project_id)
            elif number := await self.tasks.count(project_id):
                raise ProjectHasTasksError(f"the project has {number} tasks: delete it with_tasks=true, or them first")
            await self.projects.remove(project_id)
