from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from application.access.grant_views import SEES_ALL
from application.access.object_access import ObjectAccess
from application.audit.ports import HistoryReader, TrackedResource
from application.tasks.change_task import ChangeTask
from application.tasks.ports import TaskReader
from application.tasks.restore_task import RestoreTask
from domain.audit.entry import State, typed
from domain.shared.audited import Audited
from domain.shared.kinds import TASKS, TaskId, TaskNotFoundError
from domain.tasks.audited import TASK_HISTORY
from domain.tasks.task import Task, TaskChanges, TaskPriority, TaskStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskHistory(TrackedResource):
    """For whoever may view the task; of deleted ones, for whoever may view every task."""

    access: ObjectAccess
    reader: TaskReader
    history: HistoryReader
    change_task: ChangeTask
    restore_task: RestoreTask
    kind: ClassVar[Audited] = TASK_HISTORY

    async def locate(self, key: Mapping[str, Any]) -> UUID:
        task_id = TaskId(key["task_id"])
        viewer = self.access.viewer(TASKS)
        try:
            await self.reader.get(task_id, viewer)
        except TaskNotFoundError:
            if viewer is not SEES_ALL or not await self.history.knows(self.kind, task_id):
                raise
        return task_id

    async def change(self, key: Mapping[str, Any], values: Mapping[str, Any], seen: frozenset[int] | None) -> int:
        changes = TaskChanges(**typed(values, _TYPES))
        return (await self.change_task(task_id=TaskId(key["task_id"]), changes=changes, seen=seen)).version

    async def recreate(self, row_id: UUID, state: State) -> int:  # noqa: ARG002  the state has it too
        task = Task(**typed({name: state[name] for name in self.kind.shown}, _TYPES))
        return (await self.restore_task(task=task)).version


_TYPES: Final[dict[str, Callable[[str], object]]] = {
    "id": UUID,
    "project": UUID,
    "status": TaskStatus,
    "priority": TaskPriority,
    "assignee": UUID,
    "due_date": date.fromisoformat,
    "owner": UUID,
    "created_by": UUID,
}
