from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from application.access.object_access import ObjectAccess
from application.shared.ports import Clock, UnitOfWork
from application.tasks.ports import TaskRepository
from application.tasks.task_authority import TaskAuthority
from domain.shared.checks import Checks
from domain.shared.errors import DomainError, ForbiddenError, NotFoundError, StaleError
from domain.shared.grantable import ObjectPermission
from domain.shared.kinds import TASKS, TaskId
from domain.shared.versions import require_version
from domain.tasks.task import Task, TaskChanges, TaskStatus

MOST_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenTask:
    """A task, and the version of it that the caller has seen; None: any."""

    task_id: TaskId
    version: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one task: it is changed, or `refusal` says why not."""

    task_id: TaskId
    task: Task | None = None
    refusal: DomainError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStatuses:
    """Give up to 100 tasks one status, all in one transaction. Safe to repeat without versions.

    A task that cannot be changed is left as it is and told with the reason, and the others are changed; one that has
    the status already is changed to nothing. What a task takes is the same as for one alone.
    """

    access: ObjectAccess
    authority: TaskAuthority
    tasks: TaskRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, tasks: Sequence[SeenTask], status: TaskStatus) -> list[Outcome]:
        _check(tasks)
        async with self.work:
            held = await self.access.lock_each(TASKS, [one.task_id for one in tasks])
            found = {task.id: task for task in await self.tasks.get_each([one.task_id for one in tasks])}
            return [await self._change(one, found, held.get(one.task_id, frozenset()), status) for one in tasks]

    async def _change(
        self, seen: SeenTask, found: Mapping[TaskId, Task], held: AbstractSet[ObjectPermission], status: TaskStatus
    ) -> Outcome:
        """Whatever refuses it does so before anything of this task is written."""
        changes = TaskChanges(status=status)
        try:
            TASKS.require(held, ObjectPermission.VIEW, seen.task_id)
            task = found[seen.task_id]
            await self.authority.require_change(held, task, changes)
            require_version(task.version, None if seen.version is None else frozenset({seen.version}))
        except (NotFoundError, ForbiddenError, StaleError) as refusal:
            return Outcome(task_id=seen.task_id, refusal=refusal)
        if task.status is not status:
            task = task.change(changes, at=self.clock())
            await self.tasks.save(task)
        return Outcome(task_id=seen.task_id, task=task)


def _check(tasks: Sequence[SeenTask]) -> None:
    checks = Checks()
    few = 1 <= len(tasks) <= MOST_AT_ONCE
    checks.require("tasks", f"name 1 to {MOST_AT_ONCE} tasks", holds=few)
    once = len({one.task_id for one in tasks}) == len(tasks)
    checks.require("tasks", "name each task once", holds=once)
    checks.done()
