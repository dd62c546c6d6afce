from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from application.imports.lines import Draft
from application.imports.views import LineError
from application.shared.jobs import Jobs, NotNowError, Once
from application.shared.ports import UnitOfWork
from application.tasks.notify_assignee import NotifyOfImport
from application.tasks.task_opening import TaskOpening
from domain.shared.caller import NotPermittedError, UserId
from domain.shared.kinds import ProjectId
from domain.tasks.task import UnknownPersonError, UnknownProjectError


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBatches:
    """Opens the tasks of some lines in one transaction, once, however often the job is run."""

    opening: TaskOpening
    jobs: Jobs
    once: Once
    work: UnitOfWork

    async def write(self, name: str, drafts: Sequence[Draft], *, dry_run: bool) -> list[LineError]:
        """Of those that their projects refuse. `name` is that of the batch: it has the same lines in every run."""
        async with self.work:
            refused = await self._refused(sorted({one.task.project for one in drafts}))
            if not dry_run and await self.once(name):
                for one in drafts:
                    if one.task.project not in refused:
                        await self._open(one)
        return [
            LineError(one.line, "project", refused[one.task.project]) for one in drafts if one.task.project in refused
        ]

    async def notify(self, given: Counter[UserId]) -> None:
        """Whom the import gave tasks to, once each."""
        async with self.work:
            if given and await self.once("notify"):
                for assignee, number in given.items():
                    await self.jobs.add(NotifyOfImport, assignee=assignee, number=number)

    async def _refused(self, projects: Sequence[ProjectId]) -> Mapping[ProjectId, str]:
        """Which of them take no tasks of the caller's, and why; the others are held, in the order of their ids."""
        refused: dict[ProjectId, str] = {}
        for project in projects:
            try:
                await self.opening.require_place(project)
            except UnknownProjectError as error:
                refused[project] = " ".join(error.details["project"])
            except NotPermittedError as error:
                refused[project] = str(error)
        return refused

    async def _open(self, draft: Draft) -> None:
        try:
            await self.opening.open(draft.task)
        except UnknownPersonError as error:
            raise NotNowError(f"line {draft.line}: its assignee was deleted just now") from error
