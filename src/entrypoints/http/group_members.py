from typing import Any
from uuid import UUID

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from application.access.add_group_member import AddGroupMember
from application.access.read_groups import ListGroupMembers, ShowGroupMember
from application.access.remove_group_member import RemoveGroupMember
from application.access.views import GroupMemberView
from domain.access.group import GroupId
from domain.shared.caller import UserId
from entrypoints.http.answers import LOCATION, answers
from entrypoints.http.groups_wire import AddGroupMemberRequest, GroupMemberListQuery
from entrypoints.http.guards import site_user
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.lists import ListResponse, listed, listing
from entrypoints.http.wire import StrictJson, from_query


class GroupMemberController(Controller):
    path = "/api/groups/{group_id:uuid}/members"
    tags = ("Groups",)
    before_request = staticmethod(site_user)
    security = ({"BearerToken": []},)

    @get(
        dependencies={"asked": Provide(from_query(GroupMemberListQuery), sync_to_thread=False)},
        operation_class=listing(GroupMemberListQuery),
        responses=answers(400),
    )
    @inject
    async def list_group_members(
        self,
        group_id: FromPath[UUID],
        request: Request[Any, Any, Any],
        asked: NamedDependency[GroupMemberListQuery],
        list_members: FromDishka[ListGroupMembers],
    ) -> ListResponse[GroupMemberView]:
        """The members of a group, by username unless ordered otherwise."""
        page = await list_members(group_id=GroupId(group_id), query=asked.as_query())
        return listed(page, asked, request)

    @post(
        dto=StrictJson[AddGroupMemberRequest],
        return_dto=None,
        response_headers=[LOCATION],
        responses=answers(409, body=True),
    )
    @inject
    async def add_group_member(
        self,
        group_id: FromPath[UUID],
        data: JSONBody[AddGroupMemberRequest],
        add_member: FromDishka[AddGroupMember],
    ) -> JsonResponse[GroupMemberView]:
        """Put a user into a group. That takes every permission that it gives, and all that was granted to it."""
        member = await add_member(group_id=GroupId(group_id), user_id=UserId(data.user))
        location = {"Location": f"/api/groups/{group_id}/members/{data.user}/"}
        return JsonResponse(member, headers=location)

    @get("/{user_id:uuid}", responses=answers())
    @inject
    async def show_group_member(
        self, group_id: FromPath[UUID], user_id: FromPath[UUID], show_member: FromDishka[ShowGroupMember]
    ) -> JsonResponse[GroupMemberView]:
        """One member of a group."""
        return JsonResponse(await show_member(group_id=GroupId(group_id), user_id=UserId(user_id)))

    @delete("/{user_id:uuid}", responses=answers())
    @inject
    async def remove_group_member(
        self, group_id: FromPath[UUID], user_id: FromPath[UUID], remove_member: FromDishka[RemoveGroupMember]
    ) -> None:
        """Take a user out of a group. What it gave them is gone within 5 seconds."""
        await remove_member(group_id=GroupId(group_id), user_id=UserId(user_id))
