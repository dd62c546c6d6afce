from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, Response, delete, get, patch, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType

from application.projects.change_project import ChangeProject
from application.projects.delete_project import DeleteProject
from application.projects.open_project import OpenProject
from application.projects.read_projects import ListProjects, ShowProject
from application.projects.views import ProjectOrder, ProjectQuery, ProjectView
from application.shared.page import Period
from domain.projects.project import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    Project,
    ProjectChanges,
    ProjectId,
    ProjectStatus,
)
from domain.shared.caller import UserId
from domain.shared.changes import UNCHANGED
from entrypoints.http.answers import ETAG, LOCATION, answers
from entrypoints.http.etags import IfMatch, etag, seen_versions
from entrypoints.http.guards import site_user
from entrypoints.http.lists import ListResponse, PageQuery, listed, listing
from entrypoints.http.wire import StrictJson, from_query

Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, examples=["Website relaunch"])]
Description = Annotated[str, Meta(max_length=LONGEST_DESCRIPTION, examples=["By the end of May."])]

Search = Annotated[str, Meta(max_length=200, pattern=r"^[^\x00]*$", description="In name and description.")]
Time = Annotated[datetime, Meta(tz=True)]


class OpenProjectRequest(Struct, forbid_unknown_fields=True):
    """`owner` is a user of the site; the caller if it is left out."""

    name: Name
    description: Description = ""
    status: ProjectStatus = ProjectStatus.ACTIVE
    owner: UUID | None = None


class ReplaceProjectRequest(Struct, forbid_unknown_fields=True):
    """Every field that a client writes."""

    name: Name
    description: Description
    status: ProjectStatus
    owner: UUID

    def changes(self) -> ProjectChanges:
        return ProjectChanges(
            name=self.name,
            description=self.description,
            status=self.status,
            owner=UserId(self.owner),
        )


class ChangeProjectRequest(Struct, forbid_unknown_fields=True):
    """What is left out stays as it is."""

    name: Name | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    status: ProjectStatus | UnsetType = UNSET
    owner: UUID | UnsetType = UNSET

    def changes(self) -> ProjectChanges:
        return ProjectChanges(
            name=UNCHANGED if self.name is UNSET else self.name,
            description=UNCHANGED if self.description is UNSET else self.description,
            status=UNCHANGED if self.status is UNSET else self.status,
            owner=UNCHANGED if self.owner is UNSET else UserId(self.owner),
        )


class ProjectListQuery(PageQuery, frozen=True):
    search: Search | None = None
    status: ProjectStatus | None = None
    owner: UUID | None = None
    created_at__gte: Time | None = None
    created_at__lte: Time | None = None
    ordering: ProjectOrder = ProjectOrder.CREATED_AT_DOWN

    def as_query(self) -> ProjectQuery:
        return ProjectQuery(
            page=self.slice,
            search=self.search or None,
            status=self.status,
            owner=self.owner,
            created=Period(start=self.created_at__gte, end=self.created_at__lte),
            ordering=self.ordering,
        )


class ProjectController(Controller):
    path = "/api/projects"
    tags = ("Projects",)
    guards = (site_user,)
    security = ({"BearerToken": []},)

    @get(
        dependencies={"asked": Provide(from_query(ProjectListQuery), sync_to_thread=False)},
        operation_class=listing(ProjectListQuery),
        responses=answers(400),
    )
    @inject
    async def list_projects(
        self,
        request: Request[Any, Any, Any],
        asked: NamedDependency[ProjectListQuery],
        list_projects: FromDishka[ListProjects],
    ) -> ListResponse[ProjectView]:
        """The site's projects, newest first unless ordered otherwise."""
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
    ) -> Response[ProjectView]:
        """Open a project."""
        project = await open_project(name=data.name, description=data.description, status=data.status, owner=data.owner)
        location = {"Location": f"/api/projects/{project.id}/"}
        return Response(ProjectView.of(project), headers=etag(project.version) | location)

    @get("/{project_id:uuid}", response_headers=[ETAG], responses=answers())
    @inject
    async def show_project(self, project_id: FromPath[UUID], show_project: FromDishka[ShowProject]) -> Response[ProjectView]:
        """One project."""
        project = await show_project(project_id=ProjectId(project_id))
        return Response(project, headers=etag(project.version))

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
    ) -> Response[ProjectView]:
        """Change some fields of a project."""
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
    ) -> Response[ProjectView]:
        """Write all fields of a project."""
        return _shown(
            await change_project(
                project_id=ProjectId(project_id),
                changes=data.changes(),
                seen=seen_versions(if_match),
            )
        )

    @delete("/{project_id:uuid}", responses=answers(412))
    @inject
    async def delete_project(
        self,
        project_id: FromPath[UUID],
        delete_project: FromDishka[DeleteProject],
        if_match: IfMatch = None,
    ) -> None:
        """Delete a project. Its history stays."""
        await delete_project(project_id=ProjectId(project_id), seen=seen_versions(if_match))


def _shown(project: Project) -> Response[ProjectView]:
    return Response(ProjectView.of(project), headers=etag(project.version))
