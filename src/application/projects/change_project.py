from dataclasses import dataclass

from application.access.object_access import ObjectAccess
from application.projects.ports import ProjectRepository, ProjectTasks
from application.projects.views import ProjectView
from application.shared.ports import Clock, UnitOfWork
from domain.projects.project import PROJECTS, ProjectChanges, ProjectId
from domain.shared.changes import changed
from domain.shared.grantable import ObjectPermission
from domain.shared.versions import require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProject:
    """Change some or all fields of a project.

    It takes `change` on the project; to give it to another owner is for its owner and for who may do
    everything with every project.
    With `seen`, only if the project still is at one of these versions: no update is lost unseen.
    """

    access: ObjectAccess
    projects: ProjectRepository
    tasks: ProjectTasks
    work: UnitOfWork
    clock: Clock

    async def __call__(
        self, *, project_id: ProjectId, changes: ProjectChanges, seen: frozenset[int] | None
    ) -> ProjectView:
        async with self.work:
            project = await self.projects.get(project_id)
            await self.access.require(PROJECTS, project_id, project.owner, ObjectPermission.CHANGE)
            if changed(changes.owner, project.owner) != project.owner:
                self.access.require_hand_over(PROJECTS, project.owner)
            require_version(project.version, seen)
            project = project.change(changes, at=self.clock())
            await self.projects.save(project)
            return ProjectView.of(project, await self.tasks.count(project_id))
