from dataclasses import dataclass
from uuid import UUID

from application.access.object_access import ObjectAccess
from domain.files.upload import UnknownPlaceError
from domain.projects.project import PROJECTS, ProjectNotFoundError
from domain.shared.grantable import ObjectPermission


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlace:
    """What a file lies in: it takes `change` on that to put one there."""

    access: ObjectAccess

    async def require(self, project: UUID | None) -> None:
        """Inside the transaction, before the file is locked: the project stays until it ends.

        Raise `UnknownPlaceError` where there is none for the caller, `NotPermittedError` where they may only view it.
        """
        if project is None:
            return
        try:
            await self.access.lock(PROJECTS, project, ObjectPermission.CHANGE)
        except ProjectNotFoundError as error:
            raise UnknownPlaceError("project") from error
