from typing import Any
from uuid import UUID

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, delete, get, patch, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from application.tasks.change_statuses import ChangeStatuses
from application.tasks.change_task import ChangeTask
from application.tasks.delete_task import DeleteTask
from application.tasks.open_task import OpenTask
from application.tasks.read_tasks import ListTasks, ShowTask
from application.tasks.task_history import TaskHistory
from application.tasks.views import TaskView
from domain.shared.kinds import ProjectId, TaskId
from domain.tasks.task import Task
from entrypoints.http.answers import ETAG, LOCATION, answers
from entrypoints.http.etags import IfMatch, etag, seen_versions
from entrypoints.http.guards import site_user
from entrypoints.http.history import AS_OF, Past
from entrypoints.http.history_wire import AsOfQuery
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.lists import ListResponse, listed, listing
from entrypoints.http.tasks_wire import (
    ChangeStatusesRequest,
    ChangeTaskRequest,
    DeleteTaskQuery,
    OpenTaskRequest,
    ReplaceTaskRequest,
    StatusChangesResponse,
    TaskListQuery,
    told,
    user_id,
)
from entrypoints.http.wire import StrictJson, from_query


class TaskController(Controller):
    path = "/api/tasks"
    tags = ("Tasks",)
    before_request = staticmethod(site_user)
    security = ({"BearerToken": []},)

    @get(
        dependencies={"asked": Provide(from_query(TaskListQuery), sync_to_thread=False)},
        operation_class=listing(TaskListQuery),
        responses=answers(400, permitted=False),
    )
    @inject
    async def list_tasks(
        self,
        request: Request[Any, Any, Any],
        asked: NamedDependency[TaskListQuery],
        list_tasks: FromDishka[ListTasks],
    ) -> ListResponse[TaskView]:
        """The tasks that the caller may view, newest first unless ordered otherwise."""
        return listed(await list_tasks(asked.as_query()), asked, request)

    @post(
        dto=StrictJson[OpenTaskRequest],
        return_dto=None,
        response_headers=[ETAG, LOCATION],
        responses=answers(body=True),
    )
    @inject
    async def open_task(
        self, data: JSONBody[OpenTaskRequest], open_task: FromDishka[OpenTask]
    ) -> JsonResponse[TaskView]:
        """Open a task, whose owner is the caller.

        It takes `change` on the project, or `tasks.create` and to view it.
        """
        task = await open_task(
            project=ProjectId(data.project),
            title=data.title,
            description=data.description,
            status=data.status,
            priority=data.priority,
            assignee=user_id(data.assignee),
            due_date=data.due_date,
        )
        location = {"Location": f"/api/tasks/{task.id}/"}
        return JsonResponse(TaskView.of(task), headers=etag(task.version) | location)

    @post(
        "/bulk-status",
        dto=StrictJson[ChangeStatusesRequest],
        return_dto=None,
        status_code=HTTP_200_OK,
        responses=answers(permitted=False, body=True),
    )
    @inject
    async def change_statuses(
        self, data: JSONBody[ChangeStatusesRequest], change_statuses: FromDishka[ChangeStatuses]
    ) -> StatusChangesResponse:
        """Give up to 100 tasks one status, in one transaction.

        A task that cannot be changed is told with its own error, and the others are changed all the same.
        """
        return told(await change_statuses(tasks=data.seen(), status=data.status))

    @get("/{task_id:uuid}", response_headers=[ETAG], responses=answers(400, permitted=False), **AS_OF)
    @inject
    async def show_task(
        self,
        task_id: FromPath[UUID],
        show_task: FromDishka[ShowTask],
        asked: NamedDependency[AsOfQuery],
        past: FromDishka[Past],
    ) -> JsonResponse[TaskView]:
        """One task that the caller may view."""
        if (then := await past(TaskHistory, asked, task_id=task_id)) is not None:
            return then
        task = await show_task(task_id=TaskId(task_id))
        return JsonResponse(task, headers=etag(task.version))

    @patch(
        "/{task_id:uuid}",
        dto=StrictJson[ChangeTaskRequest],
        return_dto=None,
        response_headers=[ETAG],
        responses=answers(412, body=True),
    )
    @inject
    async def change_task(
        self,
        task_id: FromPath[UUID],
        data: JSONBody[ChangeTaskRequest],
        change_task: FromDishka[ChangeTask],
        if_match: IfMatch = None,
    ) -> JsonResponse[TaskView]:
        """Change some fields of a task; its assignee may change the status.

        To name another `assignee` takes `share`, another `project` everything on the task and a place there; another
        `owner` is named by the present one, and by who may do everything with every task.
        """
        return _shown(await change_task(task_id=TaskId(task_id), changes=data.changes(), seen=seen_versions(if_match)))

    @put(
        "/{task_id:uuid}",
        dto=StrictJson[ReplaceTaskRequest],
        return_dto=None,
        response_headers=[ETAG],
        responses=answers(412, body=True),
    )
    @inject
    async def replace_task(
        self,
        task_id: FromPath[UUID],
        data: JSONBody[ReplaceTaskRequest],
        change_task: FromDishka[ChangeTask],
        if_match: IfMatch = None,
    ) -> JsonResponse[TaskView]:
        """Write all fields of a task. What becomes another takes what it takes in a partial update."""
        return _shown(await change_task(task_id=TaskId(task_id), changes=data.changes(), seen=seen_versions(if_match)))

    @delete(
        "/{task_id:uuid}",
        dependencies={"asked": Provide(from_query(DeleteTaskQuery), sync_to_thread=False)},
        operation_class=listing(DeleteTaskQuery),
        responses=answers(400, 412, 422),
    )
    @inject
    async def delete_task(
        self,
        task_id: FromPath[UUID],
        asked: NamedDependency[DeleteTaskQuery],
        delete_task: FromDishka[DeleteTask],
        if_match: IfMatch = None,
    ) -> None:
        """Delete a task and the grants on it. Its history stays.

        One that has files is refused (422 `has_files`), unless they go too by `with_files`.
        """
        await delete_task(task_id=TaskId(task_id), seen=seen_versions(if_match), with_files=asked.with_files)


def _shown(task: Task) -> JsonResponse[TaskView]:
    return JsonResponse(TaskView.of(task), headers=etag(task.version))
