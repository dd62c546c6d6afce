"""How projects look on the wire, coming in; going out they look as they are read (`ProjectView`)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from application.projects.views import ProjectOrder, ProjectQuery
from application.shared.page import Period
from domain.projects.project import (
    LONGEST_DESCRIPTION,
    LONGEST_NAME,
    ProjectChanges,
    ProjectStatus,
)
from domain.shared.caller import UserId
from domain.shared.changes import UNCHANGED
from entrypoints.http.lists import PageQuery
from entrypoints.http.wire import NO_NUL, in_utc

Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, examples=["Website relaunch"])]
Description = Annotated[str, Meta(max_length=LONGEST_DESCRIPTION, examples=["By the end of May."])]

Search = Annotated[str, Meta(max_length=200, pattern=NO_NUL, description="In name and description.")]
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


class DeleteProjectQuery(Struct, forbid_unknown_fields=True, frozen=True):
    with_tasks: Annotated[bool, Meta(description="Delete all tasks of the project, too.")] = False
    with_files: Annotated[bool, Meta(description="Delete all files of the project and its tasks, too.")] = False


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
            created=Period(
                start=in_utc("created_at__gte", self.created_at__gte),
                end=in_utc("created_at__lte", self.created_at__lte),
            ),
            ordering=self.ordering,
        )
