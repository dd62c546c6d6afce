from typing import Any
from uuid import UUID

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, delete, get, patch, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody

from application.identity.change_user import ChangeUser
from application.identity.create_user import CreateUser
from application.identity.delete_user import DeleteUser
from application.identity.read_users import ListUsers, ShowProfile, ShowUser
from application.identity.user_history import UserHistory
from application.identity.user_views import UserView
from domain.shared.caller import UserId
from entrypoints.http.answers import ETAG, LOCATION, answers
from entrypoints.http.etags import IfMatch, etag, seen_versions
from entrypoints.http.guards import signed_in
from entrypoints.http.history import AS_OF, Past
from entrypoints.http.history_wire import AsOfQuery
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.lists import ListResponse, listed, listing
from entrypoints.http.users_wire import (
    ChangeUserRequest,
    CreateUserRequest,
    ReplaceUserRequest,
    UserListQuery,
    given,
)
from entrypoints.http.wire import StrictJson, from_query


class UserController(Controller):
    path = "/api/users"
    tags = ("Users",)
    before_request = staticmethod(signed_in)
    security = ({"BearerToken": []},)

    @get(
        dependencies={"asked": Provide(from_query(UserListQuery), sync_to_thread=False)},
        operation_class=listing(UserListQuery),
        responses=answers(400),
    )
    @inject
    async def list_users(
        self,
        request: Request[Any, Any, Any],
        asked: NamedDependency[UserListQuery],
        list_users: FromDishka[ListUsers],
    ) -> ListResponse[UserView]:
        """The users of this host, the platform's or the site's, by username unless ordered otherwise."""
        return listed(await list_users(asked.as_query()), asked, request)

    @post(
        dto=StrictJson[CreateUserRequest],
        return_dto=None,
        response_headers=[ETAG, LOCATION],
        responses=answers(409, body=True),
    )
    @inject
    async def create_user(
        self, data: JSONBody[CreateUserRequest], create_user: FromDishka[CreateUser]
    ) -> JsonResponse[UserView]:
        """Create a user. They are in no group yet and may do nothing, unless they are an admin."""
        user = await create_user(
            username=data.username,
            email=data.email,
            password=data.password,
            first_name=data.first_name,
            last_name=data.last_name,
            is_active=data.is_active,
            is_admin=data.is_admin,
        )
        location = {"Location": f"/api/users/{user.id}/"}
        return JsonResponse(UserView.of(user, []), headers=etag(user.version) | location)

    @get("/me", response_headers=[ETAG], responses=answers(permitted=False))
    @inject
    async def show_me(self, show_profile: FromDishka[ShowProfile]) -> JsonResponse[UserView]:
        """Who you are."""
        return shown(await show_profile())

    @get("/{user_id:uuid}", response_headers=[ETAG], responses=answers(400, permitted=False), **AS_OF)
    @inject
    async def show_user(
        self,
        user_id: FromPath[UUID],
        show_user: FromDishka[ShowUser],
        asked: NamedDependency[AsOfQuery],
        past: FromDishka[Past],
    ) -> JsonResponse[UserView]:
        """One user. Who may not see users finds nobody but themself."""
        if (then := await past(UserHistory, asked, user_id=user_id)) is not None:
            return then
        return shown(await show_user(user_id=UserId(user_id)))

    @patch(
        "/{user_id:uuid}",
        dto=StrictJson[ChangeUserRequest],
        return_dto=None,
        response_headers=[ETAG],
        responses=answers(409, 412, 422, body=True),
    )
    @inject
    async def change_user(
        self,
        user_id: FromPath[UUID],
        data: JSONBody[ChangeUserRequest],
        change_user: FromDishka[ChangeUser],
        if_match: IfMatch = None,
    ) -> JsonResponse[UserView]:
        """Change some fields of a user.

        Deactivation and a new password end all of the user's sessions. Admins are changed by admins; the last
        active one stays; nobody changes what they may do themself; a user who comes from the platform keeps what
        the platform says of them.
        """
        return shown(
            await change_user(
                user_id=UserId(user_id),
                changes=data.changes(),
                password=given(data.password),
                seen=seen_versions(if_match),
            )
        )

    @put(
        "/{user_id:uuid}",
        dto=StrictJson[ReplaceUserRequest],
        return_dto=None,
        response_headers=[ETAG],
        responses=answers(409, 412, 422, body=True),
    )
    @inject
    async def replace_user(
        self,
        user_id: FromPath[UUID],
        data: JSONBody[ReplaceUserRequest],
        change_user: FromDishka[ChangeUser],
        if_match: IfMatch = None,
    ) -> JsonResponse[UserView]:
        """Write all fields of a user; what holds for changing some holds here too."""
        return shown(
            await change_user(
                user_id=UserId(user_id),
                changes=data.changes(),
                password=given(data.password),
                seen=seen_versions(if_match),
            )
        )

    @delete("/{user_id:uuid}", responses=answers(409, 412, 422))
    @inject
    async def delete_user(
        self,
        user_id: FromPath[UUID],
        delete_user: FromDishka[DeleteUser],
        if_match: IfMatch = None,
    ) -> None:
        """Delete a user and end their sessions; their history stays. Who owns something is not deleted (409)."""
        await delete_user(user_id=UserId(user_id), seen=seen_versions(if_match))


def shown(user: UserView) -> JsonResponse[UserView]:
    return JsonResponse(user, headers=etag(user.version))
