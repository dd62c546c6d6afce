from typing import Any
from uuid import UUID

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, delete, get, patch, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from application.access.change_group import ChangeGroup
from application.access.create_group import CreateGroup
from application.access.delete_group import DeleteGroup
from application.access.group_history import GroupHistory
from application.access.read_groups import ListGroups, ShowGroup
from application.access.views import GroupView
from domain.access.group import GroupId
from entrypoints.http.answers import ETAG, LOCATION, answers
from entrypoints.http.etags import IfMatch, etag, seen_versions
from entrypoints.http.groups_wire import (
    ChangeGroupRequest,
    CreateGroupRequest,
    GroupListQuery,
    ReplaceGroupRequest,
)
from entrypoints.http.guards import site_user
from entrypoints.http.history import AS_OF, Past
from entrypoints.http.history_wire import AsOfQuery
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.lists import ListResponse, listed, listing
from entrypoints.http.wire import StrictJson, from_query


class GroupController(Controller):
    path = "/api/groups"
    tags = ("Groups",)
    before_request = staticmethod(site_user)
    security = ({"BearerToken": []},)

    @get(
        dependencies={"asked": Provide(from_query(GroupListQuery), sync_to_thread=False)},
        operation_class=listing(GroupListQuery),
        responses=answers(400),
    )
    @inject
    async def list_groups(
        self,
        request: Request[Any, Any, Any],
        asked: NamedDependency[GroupListQuery],
        list_groups: FromDishka[ListGroups],
    ) -> ListResponse[GroupView]:
        """The site's groups, by name unless ordered otherwise."""
        return listed(await list_groups(asked.as_query()), asked, request)

    @post(
        dto=StrictJson[CreateGroupRequest],
        return_dto=None,
        response_headers=[ETAG, LOCATION],
        responses=answers(409, body=True),
    )
    @inject
    async def create_group(
        self, data: JSONBody[CreateGroupRequest], create_group: FromDishka[CreateGroup]
    ) -> JsonResponse[GroupView]:
        """Create a group that gives no more than you have yourself."""
        group = await create_group(name=data.name, permissions=data.permissions)
        location = {"Location": f"/api/groups/{group.id}/"}
        return JsonResponse(GroupView.of(group, []), headers=etag(group.version) | location)

    @get("/{group_id:uuid}", response_headers=[ETAG], responses=answers(400), **AS_OF)
    @inject
    async def show_group(
        self,
        group_id: FromPath[UUID],
        show_group: FromDishka[ShowGroup],
        asked: NamedDependency[AsOfQuery],
        past: FromDishka[Past],
    ) -> JsonResponse[GroupView]:
        """One group."""
        if (then := await past(GroupHistory, asked, group_id=group_id)) is not None:
            return then
        return _shown(await show_group(group_id=GroupId(group_id)))

    @patch(
        "/{group_id:uuid}",
        dto=StrictJson[ChangeGroupRequest],
        return_dto=None,
        response_headers=[ETAG],
        responses=answers(409, 412, body=True),
    )
    @inject
    async def change_group(
        self,
        group_id: FromPath[UUID],
        data: JSONBody[ChangeGroupRequest],
        change_group: FromDishka[ChangeGroup],
        if_match: IfMatch = None,
    ) -> JsonResponse[GroupView]:
        """Change some fields of a group. Its permissions change for all members within 5 seconds."""
        return _shown(
            await change_group(group_id=GroupId(group_id), changes=data.changes(), seen=seen_versions(if_match))
        )

    @put(
        "/{group_id:uuid}",
        dto=StrictJson[ReplaceGroupRequest],
        return_dto=None,
        response_headers=[ETAG],
        responses=answers(409, 412, body=True),
    )
    @inject
    async def replace_group(
        self,
        group_id: FromPath[UUID],
        data: JSONBody[ReplaceGroupRequest],
        change_group: FromDishka[ChangeGroup],
        if_match: IfMatch = None,
    ) -> JsonResponse[GroupView]:
        """Write all fields of a group."""
        return _shown(
            await change_group(group_id=GroupId(group_id), changes=data.changes(), seen=seen_versions(if_match))
        )

    @delete("/{group_id:uuid}", responses=answers(412))
    @inject
    async def delete_group(
        self,
        group_id: FromPath[UUID],
        delete_group: FromDishka[DeleteGroup],
        if_match: IfMatch = None,
    ) -> None:
        """Delete a group; its members stay users, without what it gave them."""
        await delete_group(group_id=GroupId(group_id), seen=seen_versions(if_match))


def _shown(group: GroupView) -> JsonResponse[GroupView]:
    return JsonResponse(group, headers=etag(group.version))
