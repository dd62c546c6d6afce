from dataclasses import dataclass

from application.identity.ports import UserReader
from application.shared.jobs import Jobs, Once
from application.shared.mail import SendMail
from application.shared.ports import UnitOfWork
from application.tasks.notices import TaskLetters
from application.tasks.ports import TaskReader
from domain.identity.user import UserNotFoundError
from domain.shared.caller import Caller, UserId
from domain.shared.kinds import TaskId, TaskNotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyingPorts:
    """What it takes to tell somebody of something once."""

    users: UserReader
    letters: TaskLetters
    jobs: Jobs
    once: Once
    work: UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyAssignee:
    """Mail somebody that a task is theirs to do. Safe to repeat: there is one mail.

    Nothing where that is no longer so: the task has gone, is somebody else's to do, or out of their sight, or they are
    not active any more.
    """

    caller: Caller
    tasks: TaskReader
    ports: NotifyingPorts

    async def __call__(self, *, task_id: TaskId, assignee: UserId) -> None:
        try:
            user, task = await self.ports.users.get(assignee), await self.tasks.get(task_id, assignee)
        except (UserNotFoundError, TaskNotFoundError):
            return
        if not user.is_active or task.assignee != assignee:
            return
        async with self.ports.work:
            if await self.ports.once("mail"):
                mail = self.ports.letters.assigned(user, task, by=self.caller.label)
                await self.ports.jobs.add(SendMail, mail=mail)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyOfImport:
    """Mail somebody that an import gave them so many tasks. Safe to repeat: there is one mail.

    Nothing to who is not active any more.
    """

    caller: Caller
    ports: NotifyingPorts

    async def __call__(self, *, assignee: UserId, number: int) -> None:
        try:
            user = await self.ports.users.get(assignee)
        except UserNotFoundError:
            return
        if not user.is_active:
            return
        async with self.ports.work:
            if await self.ports.once("mail"):
                mail = self.ports.letters.imported(user, number, by=self.caller.label)
                await self.ports.jobs.add(SendMail, mail=mail)
