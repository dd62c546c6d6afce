from dataclasses import dataclass

from application.access.object_access import ObjectAccess
from application.projects.ports import ProjectReader
from domain.shared.kinds import PROJECTS, ProjectId, ProjectNotFoundError
from domain.tasks.task import UnknownProjectError


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportProject:
    """The one project that a report may be of."""

    access: ObjectAccess
    reader: ProjectReader

    async def name(self, project: ProjectId | None) -> str | None:
        """None where it is of all. Raise `UnknownProjectError` for one that the caller may not view."""
        if project is None:
            return None
        try:
            return (await self.reader.get(project, self.access.viewer(PROJECTS))).name
        except ProjectNotFoundError as error:
            raise UnknownProjectError from error
