from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

from application.access.grant_views import SEES_ALL
from application.access.object_access import ObjectAccess
from application.audit.ports import HistoryReader, TrackedResource
from application.projects.change_project import ChangeProject
from application.projects.ports import ProjectReader
from application.projects.restore_project import RestoreProject
from domain.audit.entry import State, typed
from domain.projects.audited import PROJECT_HISTORY
from domain.projects.project import (
    PROJECTS,
    Project,
    ProjectChanges,
    ProjectId,
    ProjectNotFoundError,
    ProjectStatus,
)
from domain.shared.audited import Audited


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectHistory(TrackedResource):
    """For whoever may view the project; of deleted ones, for whoever may view every project."""

    access: ObjectAccess
    reader: ProjectReader
    history: HistoryReader
    change_project: ChangeProject
    restore_project: RestoreProject
    kind: ClassVar[Audited] = PROJECT_HISTORY

    async def locate(self, key: Mapping[str, Any]) -> UUID:
        project_id = ProjectId(key["project_id"])
        viewer = self.access.viewer(PROJECTS)
        try:
            await self.reader.get(project_id, viewer)
        except ProjectNotFoundError:
            if viewer is not SEES_ALL or not await self.history.knows(self.kind, project_id):
                raise
        return project_id

    async def change(self, key: Mapping[str, Any], values: Mapping[str, Any], seen: frozenset[int] | None) -> int:
        changes = ProjectChanges(**typed(values, _TYPES))
        return (await self.change_project(project_id=ProjectId(key["project_id"]), changes=changes, seen=seen)).version

    async def recreate(self, row_id: UUID, state: State) -> int:  # noqa: ARG002  the state has it too
        project = Project(**typed({name: state[name] for name in self.kind.shown}, _TYPES))
        return (await self.restore_project(project=project)).version


_TYPES: Final[dict[str, Callable[[str], object]]] = {
    "id": UUID,
    "status": ProjectStatus,
    "owner": UUID,
    "created_by": UUID,
}
