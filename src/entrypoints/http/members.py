from typing import Any
from uuid import UUID

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, delete, get, patch, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from application.tenancy.add_member import AddMember
from application.tenancy.change_member import ChangeMember
from application.tenancy.grant_site_access import GrantSiteAccess
from application.tenancy.organization_views import MemberView
from application.tenancy.read_members import ListMembers, ShowMember
from application.tenancy.remove_member import RemoveMember
from application.tenancy.revoke_site_access import RevokeSiteAccess
from application.tenancy.tenancy_histories import MemberHistory
from domain.shared.caller import UserId
from entrypoints.http.answers import ETAG, LOCATION, answers
from entrypoints.http.etags import IfMatch, etag, seen_versions
from entrypoints.http.guards import platform_user
from entrypoints.http.history import AS_OF, Past
from entrypoints.http.history_wire import AsOfQuery
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.lists import ListResponse, listed, listing
from entrypoints.http.members_wire import (
    AddMemberRequest,
    ChangeMemberRequest,
    MemberListQuery,
    ReplaceMemberRequest,
)
from entrypoints.http.organization_answers import MemberAnswer
from entrypoints.http.wire import StrictJson, from_query


class MemberController(Controller):
    path = "/api/organizations/{slug:str}/members"
    tags = ("Members",)
    before_request = staticmethod(platform_user)
    security = ({"BearerToken": []},)

    @get(
        dependencies={"asked": Provide(from_query(MemberListQuery), sync_to_thread=False)},
        operation_class=listing(MemberListQuery),
        responses=answers(400, permitted=False),
    )
    @inject
    async def list_members(
        self,
        request: Request[Any, Any, Any],
        slug: FromPath[str],
        asked: NamedDependency[MemberListQuery],
        list_members: FromDishka[ListMembers],
    ) -> ListResponse[MemberView]:
        """The members of an organization, who joined first before. All its active members may read them."""
        return listed(await list_members(organization=slug, query=asked.as_query()), asked, request)

    @post(
        dto=StrictJson[AddMemberRequest],
        return_dto=None,
        response_headers=[ETAG, LOCATION],
        responses=answers(409, 422, body=True),
    )
    @inject
    async def add_member(
        self,
        slug: FromPath[str],
        data: JSONBody[AddMemberRequest],
        add_member: FromDishka[AddMember],
        answer: FromDishka[MemberAnswer],
    ) -> JsonResponse[MemberView]:
        """Make a user of the platform a member, as many as the plan allows. For owners."""
        member = await add_member(organization=slug, user_id=UserId(data.user_id), role=data.role)
        return await answer(slug, member.user_id, created=True)

    @get("/{user_id:uuid}", response_headers=[ETAG], responses=answers(400, permitted=False), **AS_OF)
    @inject
    async def show_member(
        self,
        slug: FromPath[str],
        user_id: FromPath[UUID],
        show_member: FromDishka[ShowMember],
        asked: NamedDependency[AsOfQuery],
        past: FromDishka[Past],
    ) -> JsonResponse[MemberView]:
        """One member."""
        if (then := await past(MemberHistory, asked, slug=slug, user_id=user_id)) is not None:
            return then
        member = await show_member(organization=slug, user_id=UserId(user_id))
        return JsonResponse(member, headers=etag(member.version))

    @patch(
        "/{user_id:uuid}",
        dto=StrictJson[ChangeMemberRequest],
        return_dto=None,
        response_headers=[ETAG],
        responses=answers(412, 422, body=True),
    )
    @inject
    async def change_member(
        self,
        *,
        slug: FromPath[str],
        user_id: FromPath[UUID],
        data: JSONBody[ChangeMemberRequest],
        change_member: FromDishka[ChangeMember],
        answer: FromDishka[MemberAnswer],
        if_match: IfMatch = None,
    ) -> JsonResponse[MemberView]:
        """Change some fields of a member.

        Owners change all members, members their own title, department and phone. Nobody changes their own role or
        `is_active`, and the last active owner stays one.
        """
        seen = seen_versions(if_match)
        await change_member(organization=slug, user_id=UserId(user_id), changes=data.changes(), seen=seen)
        return await answer(slug, UserId(user_id))

    @put(
        "/{user_id:uuid}",
        dto=StrictJson[ReplaceMemberRequest],
        return_dto=None,
        response_headers=[ETAG],
        responses=answers(412, 422, body=True),
    )
    @inject
    async def replace_member(
        self,
        *,
        slug: FromPath[str],
        user_id: FromPath[UUID],
        data: JSONBody[ReplaceMemberRequest],
        change_member: FromDishka[ChangeMember],
        answer: FromDishka[MemberAnswer],
        if_match: IfMatch = None,
    ) -> JsonResponse[MemberView]:
        """Write all fields of a member; who may is as with PATCH."""
        seen = seen_versions(if_match)
        await change_member(organization=slug, user_id=UserId(user_id), changes=data.changes(), seen=seen)
        return await answer(slug, UserId(user_id))

    @delete("/{user_id:uuid}", responses=answers(412, 422))
    @inject
    async def remove_member(
        self,
        slug: FromPath[str],
        user_id: FromPath[UUID],
        remove_member: FromDishka[RemoveMember],
        if_match: IfMatch = None,
    ) -> None:
        """End a membership. Owners end those of all, members their own; the last active owner stays."""
        await remove_member(organization=slug, user_id=UserId(user_id), seen=seen_versions(if_match))

    @post(
        "/{user_id:uuid}/sites/{site:str}",
        status_code=HTTP_200_OK,
        response_headers=[ETAG],
        responses=answers(422),
    )
    @inject
    async def grant_site_access(
        self,
        slug: FromPath[str],
        user_id: FromPath[UUID],
        site: FromPath[str],
        grant_site_access: FromDishka[GrantSiteAccess],
        answer: FromDishka[MemberAnswer],
    ) -> JsonResponse[MemberView]:
        """Let a member enter one site of the organization. Safe to repeat."""
        await grant_site_access(organization=slug, user_id=UserId(user_id), site=site)
        return await answer(slug, UserId(user_id))

    @delete("/{user_id:uuid}/sites/{site:str}", responses=answers(422))
    @inject
    async def revoke_site_access(
        self,
        slug: FromPath[str],
        user_id: FromPath[UUID],
        site: FromPath[str],
        revoke_site_access: FromDishka[RevokeSiteAccess],
    ) -> None:
        """Let a member enter one site of the organization no more. Safe to repeat."""
        await revoke_site_access(organization=slug, user_id=UserId(user_id), site=site)
