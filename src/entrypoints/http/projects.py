from typing import Any
from uuid import UUID

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, delete, get, patch, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from application.projects.change_project import ChangeProject
from application.projects.delete_project import DeleteProject
from application.projects.open_project import OpenProject
from application.projects.project_history import ProjectHistory
from application.projects.read_projects import ListProjects, ShowProject
from application.projects.views import ProjectView
from domain.projects.project import ProjectId
from entrypoints.http.answers import ETAG, LOCATION, answers
from entrypoints.http.etags import IfMatch, etag, seen_versions
from entrypoints.http.guards import site_user
from entrypoints.http.history import AS_OF, Past
from entrypoints.http.history_wire import AsOfQuery
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.lists import ListResponse, listed, listing
from entrypoints.http.projects_wire import (
    ChangeProjectRequest,
    DeleteProjectQuery,
    OpenProjectRequest,
    ProjectListQuery,
    ReplaceProjectRequest,
)
from entrypoints.http.wire import StrictJson, from_query


class ProjectController(Controller):
    path = "/api/projects"
    tags = ("Projects",)
    before_request = staticmethod(site_user)
    security = ({"BearerToken": []},)

    @get(
        dependencies={"asked": Provide(from_query(ProjectListQuery), sync_to_thread=False)},
        operation_class=listing(ProjectListQuery),
        responses=answers(400, permitted=False),
    )
    @inject
    async def list_projects(
        self,
        request: Request[Any, Any, Any],
        asked: NamedDependency[ProjectListQuery],
        list_projects: FromDishka[ListProjects],
    ) -> ListResponse[ProjectView]:
        """The projects that the caller may view, newest first unless ordered otherwise."""
        return listed(await list_projects(asked.as_query()), asked, request)

    @post(
        dto=StrictJson[OpenProjectRequest],
        return_dto=None,
        response_headers=[ETAG, LOCATION],
        responses=answers(body=True),
    )
    @inject
    async def open_project(
        self, data: JSONBody[OpenProjectRequest], open_project: FromDishka[OpenProject]
    ) -> JsonResponse[ProjectView]:
        """Open a project. Its owner is the caller, unless one who may change every project names another."""
        project = await open_project(name=data.name, description=data.description, status=data.status, owner=data.owner)
        location = {"Location": f"/api/projects/{project.id}/"}
        return JsonResponse(ProjectView.of(project, task_count=0), headers=etag(project.version) | location)

    @get("/{project_id:uuid}", response_headers=[ETAG], responses=answers(400, permitted=False), **AS_OF)
    @inject
    async def show_project(
        self,
        project_id: FromPath[UUID],
        show_project: FromDishka[ShowProject],
        asked: NamedDependency[AsOfQuery],
        past: FromDishka[Past],
    ) -> JsonResponse[ProjectView]:
        """One project that the caller may view."""
        if (then := await past(ProjectHistory, asked, project_id=project_id)) is not None:
            return then
        project = await show_project(project_id=ProjectId(project_id))
        return JsonResponse(project, headers=etag(project.version))

    @patch(
        "/{project_id:uuid}",
        dto=StrictJson[ChangeProjectRequest],
        return_dto=None,
        response_headers=[ETAG],
        responses=answers(412, body=True),
    )
    @inject
    async def change_project(
        self,
        project_id: FromPath[UUID],
        data: JSONBody[ChangeProjectRequest],
        change_project: FromDishka[ChangeProject],
        if_match: IfMatch = None,
    ) -> JsonResponse[ProjectView]:
        """Change some fields of a project.

        A new `owner` may be named by the present one, and by who may do everything with every project.
        """
        return _shown(
            await change_project(
                project_id=ProjectId(project_id),
                changes=data.changes(),
                seen=seen_versions(if_match),
            )
        )

    @put(
        "/{project_id:uuid}",
        dto=StrictJson[ReplaceProjectRequest],
        return_dto=None,
        response_headers=[ETAG],
        responses=answers(412, body=True),
    )
    @inject
    async def replace_project(
        self,
        project_id: FromPath[UUID],
        data: JSONBody[ReplaceProjectRequest],
        change_project: FromDishka[ChangeProject],
        if_match: IfMatch = None,
    ) -> JsonResponse[ProjectView]:
        """Write all fields of a project.

        A new `owner` may be named by the present one, and by who may do everything with every project.
        """
        return _shown(
            await change_project(
                project_id=ProjectId(project_id),
                changes=data.changes(),
                seen=seen_versions(if_match),
            )
        )

    @delete(
        "/{project_id:uuid}",
        dependencies={"asked": Provide(from_query(DeleteProjectQuery), sync_to_thread=False)},
        operation_class=listing(DeleteProjectQuery),
        responses=answers(400, 412, 422),
    )
    @inject
    async def delete_project(
        self,
        project_id: FromPath[UUID],
        asked: NamedDependency[DeleteProjectQuery],
        delete_project: FromDishka[DeleteProject],
        if_match: IfMatch = None,
    ) -> None:
        """Delete a project and the grants on it. Its history stays.

        One that has tasks is refused (422 `project_has_tasks`), unless they go too by `with_tasks`; so is one with
        files in it or in its tasks (422 `has_files`), unless they go too by `with_files`.
        """
        await delete_project(
            project_id=ProjectId(project_id),
            seen=seen_versions(if_match),
            with_tasks=asked.with_tasks,
            with_files=asked.with_files,
        )


def _shown(project: ProjectView) -> JsonResponse[ProjectView]:
    return JsonResponse(project, headers=etag(project.version))
