from dataclasses import dataclass

from application.access.object_access import ObjectAccess
from domain.files.upload import Place, UnknownPlaceError
from domain.shared.caller import Permission
from domain.shared.grantable import ObjectPermission
from domain.shared.kinds import PROJECTS, TASKS, ProjectNotFoundError, TaskNotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlace:
    """What files lie in, and who may put one there."""

    access: ObjectAccess

    async def require(self, place: Place) -> None:
        """To put a file somewhere takes `change` on that, or `files.create` and to view it; `files.create` for nowhere.

        Inside the transaction, before the file is locked: what it lies in is held until it ends. Raise
        `UnknownPlaceError` for what the caller may not view, `NotPermittedError` for what they may only view.
        """
        may_create = self.access.caller.may(Permission.FILES_CREATE)
        wanted = ObjectPermission.VIEW if may_create else ObjectPermission.CHANGE
        try:
            if place.project is not None:
                await self.access.hold(PROJECTS, place.project, wanted)
            elif place.task is not None:
                await self.access.hold(TASKS, place.task, wanted)
            else:
                self.access.caller.require(Permission.FILES_CREATE)
        except ProjectNotFoundError as error:
            raise UnknownPlaceError("project") from error
        except TaskNotFoundError as error:
            raise UnknownPlaceError("task") from error
