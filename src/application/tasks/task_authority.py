from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from application.access.object_access import ObjectAccess
from domain.shared.caller import Caller, Permission
from domain.shared.changes import changed
from domain.shared.grantable import EVERYTHING, ObjectPermission
from domain.shared.kinds import PROJECTS, TASKS, ProjectId, ProjectNotFoundError
from domain.tasks.task import Task, TaskChanges, UnknownProjectError


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAuthority:
    """What the caller may do with the tasks of their site."""

    caller: Caller
    access: ObjectAccess

    async def require_place(self, project: ProjectId) -> None:
        """To put a task into a project takes `change` on it, or `tasks.create` and to view it.

        The project is held until the transaction ends: it is not deleted meanwhile. Raise `UnknownProjectError` for
        one that the caller may not view, `NotPermittedError` for one that they may only view.
        """
        try:
            held = await self.access.hold(PROJECTS, project, ObjectPermission.VIEW)
        except ProjectNotFoundError as error:
            raise UnknownProjectError from error
        if not self.caller.may(Permission.TASKS_CREATE):
            PROJECTS.require(held, ObjectPermission.CHANGE, project)

    async def require_change(self, held: AbstractSet[ObjectPermission], task: Task, changes: TaskChanges) -> None:
        """Raise unless the caller, who holds `held` on the task, may change this of it.

        It takes `change`; the assignee changes the status without. Nobody gives what they could not share: to name
        another assignee, who then sees the task, takes `share`. To move it takes everything, for whoever owns the
        other project may do everything with it, and a place there. To give it another owner is for its owner, and
        for who may do everything with every task.
        """
        is_assignee = task.assignee is not None and task.assignee == self.caller.user_id
        if is_assignee and task.changes_in_status_alone(changes):
            return
        TASKS.require(held, ObjectPermission.CHANGE, task.id)
        if changed(changes.assignee, task.assignee) != task.assignee:
            TASKS.require(held, ObjectPermission.SHARE, task.id)
        if changed(changes.owner, task.owner) != task.owner:
            self.access.require_hand_over(TASKS, task.owner)
        project = changed(changes.project, task.project)
        if project != task.project:
            for permission in sorted(EVERYTHING):
                TASKS.require(held, permission, task.id)
            await self.require_place(project)
