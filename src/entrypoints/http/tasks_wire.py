"""How tasks look on the wire, coming in; going out they look as they are read (`TaskView`)."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from application.shared.page import Period
from application.tasks.change_statuses import MOST_AT_ONCE, Outcome, SeenTask
from application.tasks.views import TaskOrder, TaskQuery
from domain.shared.caller import UserId
from domain.shared.changes import UNCHANGED
from domain.shared.kinds import ProjectId, TaskId
from domain.tasks.task import LONGEST_DESCRIPTION, LONGEST_TITLE, TaskChanges, TaskPriority, TaskStatus
from entrypoints.http.errors import ErrorResponse, refusal_of
from entrypoints.http.lists import PageQuery
from entrypoints.http.users_wire import given
from entrypoints.http.wire import NO_NUL, in_utc

Title = Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE, examples=["Order the paint"])]
Description = Annotated[str, Meta(max_length=LONGEST_DESCRIPTION, examples=["Two buckets, white."])]
Search = Annotated[str, Meta(max_length=200, pattern=NO_NUL, description="In title and description.")]
Overdue = Annotated[bool, Meta(description="Due before today (UTC) and neither done nor cancelled.")]
Unassigned = Annotated[bool, Meta(description="Nobody's to do; false: somebody's.")]
Time = Annotated[datetime, Meta(tz=True)]


class OpenTaskRequest(Struct, forbid_unknown_fields=True):
    """`assignee` is a user of the site, who then sees the task and changes its status."""

    project: UUID
    title: Title
    description: Description = ""
    status: TaskStatus = TaskStatus.TODO
    priority: TaskPriority = TaskPriority.NORMAL
    assignee: UUID | None = None
    due_date: date | None = None


class ReplaceTaskRequest(Struct, forbid_unknown_fields=True):
    """Every field that a client writes."""

    project: UUID
    title: Title
    description: Description
    status: TaskStatus
    priority: TaskPriority
    assignee: UUID | None
    due_date: date | None
    owner: UUID

    def changes(self) -> TaskChanges:
        return TaskChanges(
            project=ProjectId(self.project),
            title=self.title,
            description=self.description,
            status=self.status,
            priority=self.priority,
            assignee=user_id(self.assignee),
            due_date=self.due_date,
            owner=UserId(self.owner),
        )


class ChangeTaskRequest(Struct, forbid_unknown_fields=True):
    """What is left out stays as it is; null takes the assignee or the due date away."""

    project: UUID | UnsetType = UNSET
    title: Title | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    status: TaskStatus | UnsetType = UNSET
    priority: TaskPriority | UnsetType = UNSET
    assignee: UUID | UnsetType | None = UNSET
    due_date: date | UnsetType | None = UNSET
    owner: UUID | UnsetType = UNSET

    def changes(self) -> TaskChanges:
        return TaskChanges(
            project=UNCHANGED if self.project is UNSET else ProjectId(self.project),
            title=given(self.title),
            description=given(self.description),
            status=given(self.status),
            priority=given(self.priority),
            assignee=UNCHANGED if self.assignee is UNSET else user_id(self.assignee),
            due_date=given(self.due_date),
            owner=UNCHANGED if self.owner is UNSET else UserId(self.owner),
        )


class SeenTaskRequest(Struct, forbid_unknown_fields=True):
    """A task; with `version`, only at that one."""

    id: UUID
    version: Annotated[int, Meta(ge=1, le=999_999_999)] | None = None


SeenTasks = Annotated[list[SeenTaskRequest], Meta(min_length=1, max_length=MOST_AT_ONCE)]


class ChangeStatusesRequest(Struct, forbid_unknown_fields=True):
    """Each task once, and the status that all of them get."""

    tasks: SeenTasks
    status: TaskStatus

    def seen(self) -> list[SeenTask]:
        return [SeenTask(task_id=TaskId(one.id), version=one.version) for one in self.tasks]


class StatusChangeResponse(Struct):
    """One task: its `version` now, or the `error` that it alone would have got, and then it is as it was."""

    id: UUID
    version: int | None
    error: ErrorResponse | None


class StatusChangesResponse(Struct):
    """What became of each task, in the order in which they were named. `changed` is how many are as was asked."""

    changed: int
    results: list[StatusChangeResponse]


def told(outcomes: list[Outcome]) -> StatusChangesResponse:
    results = [
        StatusChangeResponse(
            one.task_id,
            one.task.version if one.task else None,
            refusal_of(one.refusal).body if one.refusal else None,
        )
        for one in outcomes
    ]
    return StatusChangesResponse(sum(one.error is None for one in results), results)


class DeleteTaskQuery(Struct, forbid_unknown_fields=True, frozen=True):
    with_files: Annotated[bool, Meta(description="Delete all files of the task, too.")] = False


class TaskListQuery(PageQuery, frozen=True):
    search: Search | None = None
    project: UUID | None = None
    status: TaskStatus | None = None
    priority: TaskPriority | None = None
    assignee: UUID | None = None
    unassigned: Unassigned | None = None
    owner: UUID | None = None
    due_date__gte: date | None = None
    due_date__lte: date | None = None
    overdue: Overdue | None = None
    completed_at__gte: Time | None = None
    completed_at__lte: Time | None = None
    created_at__gte: Time | None = None
    created_at__lte: Time | None = None
    ordering: TaskOrder = TaskOrder.CREATED_AT_DOWN

    def as_query(self) -> TaskQuery:
        return TaskQuery(
            page=self.slice,
            search=self.search or None,
            project=self.project,
            status=self.status,
            priority=self.priority,
            assignee=self.assignee,
            unassigned=self.unassigned,
            owner=self.owner,
            due_from=self.due_date__gte,
            due_until=self.due_date__lte,
            overdue=self.overdue,
            completed=_period("completed_at", self.completed_at__gte, self.completed_at__lte),
            created=_period("created_at", self.created_at__gte, self.created_at__lte),
            ordering=self.ordering,
        )


def _period(name: str, start: datetime | None, end: datetime | None) -> Period:
    return Period(start=in_utc(f"{name}__gte", start), end=in_utc(f"{name}__lte", end))


def user_id(user: UUID | None) -> UserId | None:
    return UserId(user) if user else None
