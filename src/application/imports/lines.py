from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any, Final, TypeVar
from uuid import UUID

from application.identity.ports import UserRepository
from application.imports.csv_records import Record
from application.imports.layout import Layout
from application.imports.views import LineError
from application.tasks.task_opening import TaskFields, TaskOpening
from domain.shared.caller import UserId
from domain.shared.errors import InvalidError
from domain.shared.kinds import ProjectId
from domain.tasks.task import Task, TaskPriority, TaskStatus

E = TypeVar("E", bound=Enum)
_MOST_KNOWN: Final = 10_000
_NO_PROJECT: Final = ProjectId(UUID(int=0))


@dataclass(frozen=True, slots=True)
class Draft:
    """A line that makes sense: the task it would make, if its project takes it."""

    line: int
    task: Task


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLines:
    """Reads lines as tasks, by the same rules as one that is opened alone; every wrong field is told."""

    opening: TaskOpening
    users: UserRepository
    known: dict[str, UserId | None] = field(default_factory=dict)

    async def read(self, layout: Layout, record: Record, project: UUID | None) -> Draft | list[LineError]:
        if len(record.cells) != len(layout.columns):
            told = f"has {len(record.cells)} cells, and there are {len(layout.columns)} columns"
            return [LineError(record.line, "line", told)]
        values, problems = layout.values(record), dict[str, list[str]]()
        fields = TaskFields(
            project=_read(values, problems, "project", _project(project), _NO_PROJECT),
            title=values["title"],
            description=values.get("description", ""),
            status=_read(values, problems, "status", _one_of(TaskStatus), TaskStatus.TODO),
            priority=_read(values, problems, "priority", _one_of(TaskPriority), TaskPriority.NORMAL),
            assignee=await self._assignee(values.get("assignee", ""), problems),
            due_date=_read(values, problems, "due_date", _day, None),
        )
        try:
            task = self.opening.drafted(fields)
        except InvalidError as error:
            problems |= error.details
        if problems:
            return [LineError(record.line, name, " ".join(texts)) for name, texts in problems.items()]
        return Draft(record.line, task)

    async def _assignee(self, login: str, problems: dict[str, list[str]]) -> UserId | None:
        if not login:
            return None
        if login not in self.known:
            if len(self.known) == _MOST_KNOWN:
                self.known.clear()
            user = await self.users.find_by_login(login)
            self.known[login] = user.id if user else None
        if (found := self.known[login]) is None:
            problems["assignee"] = ["is not a user of this site"]
        return found


T = TypeVar("T")


def _read(
    values: Mapping[str, str], problems: dict[str, list[str]], name: str, read: Callable[[str], T], otherwise: T
) -> T:
    """What a cell says; where it says nothing that can be, the problem is noted."""
    try:
        return read(values.get(name, ""))
    except ValueError as error:
        problems[name] = [str(error)]
        return otherwise


def _one_of(kind: type[E]) -> Callable[[str], E]:
    """The first one for an empty cell of a status, the usual one for a priority."""
    usual: dict[type[Any], Any] = {TaskStatus: TaskStatus.TODO, TaskPriority: TaskPriority.NORMAL}

    def read(cell: str) -> E:
        text = cell.casefold().replace(" ", "_").replace("-", "_")
        found = next((one for one in kind if one.value == text), None) if text else usual[kind]
        if found is None:
            raise ValueError(f"is one of {', '.join(str(one.value) for one in kind)}")
        return found

    return read


def _project(usual: UUID | None) -> Callable[[str], ProjectId]:
    def read(cell: str) -> ProjectId:
        if not cell and usual is None:
            raise ValueError("is required: in a column, or for the whole import")
        try:
            return ProjectId(UUID(cell) if cell else usual or _NO_PROJECT)
        except ValueError as error:
            raise ValueError("is not the id of a project") from error

    return read


def _day(cell: str) -> date | None:
    try:
        return date.fromisoformat(cell) if cell else None
    except ValueError as error:
        raise ValueError("is not a day like 2026-12-31") from error
