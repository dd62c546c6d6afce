from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, get, patch, put
from litestar.params import JSONBody
from msgspec import UNSET

from application.identity.change_profile import ChangeProfile
from application.identity.read_users import ShowProfile
from application.identity.user_views import UserView
from entrypoints.http.answers import ETAG, answers
from entrypoints.http.context import RequestContext
from entrypoints.http.etags import IfMatch, seen_versions
from entrypoints.http.guards import signed_in
from entrypoints.http.json_response import JsonResponse
from entrypoints.http.users import shown
from entrypoints.http.users_wire import ChangeProfileRequest, ReplaceProfileRequest, given
from entrypoints.http.wire import StrictJson


class ProfileController(Controller):
    path = "/api/profile"
    tags = ("Profile",)
    before_request = staticmethod(signed_in)
    security = ({"BearerToken": []},)

    @get(response_headers=[ETAG], responses=answers(permitted=False))
    @inject
    async def show_profile(self, show_profile: FromDishka[ShowProfile]) -> JsonResponse[UserView]:
        """Your own account."""
        return shown(await show_profile())

    @patch(
        dto=StrictJson[ChangeProfileRequest],
        return_dto=None,
        response_headers=[ETAG],
        responses=answers(409, 412, 422, 429, body=True),
    )
    @inject
    async def change_profile(
        self,
        data: JSONBody[ChangeProfileRequest],
        change_profile: FromDishka[ChangeProfile],
        context: FromDishka[RequestContext],
        if_match: IfMatch = None,
    ) -> JsonResponse[UserView]:
        """Change your names or your email; the latter takes your present password."""
        return await _changed(data, change_profile, context, if_match)

    @put(
        dto=StrictJson[ReplaceProfileRequest],
        return_dto=None,
        response_headers=[ETAG],
        responses=answers(409, 412, 422, 429, body=True),
    )
    @inject
    async def replace_profile(
        self,
        data: JSONBody[ReplaceProfileRequest],
        change_profile: FromDishka[ChangeProfile],
        context: FromDishka[RequestContext],
        if_match: IfMatch = None,
    ) -> JsonResponse[UserView]:
        """Write your names and your email; another email takes your present password."""
        return await _changed(data, change_profile, context, if_match)


async def _changed(
    data: ChangeProfileRequest | ReplaceProfileRequest,
    change_profile: ChangeProfile,
    context: RequestContext,
    if_match: str | None,
) -> JsonResponse[UserView]:
    return shown(
        await change_profile(
            first_name=given(data.first_name),
            last_name=given(data.last_name),
            email=given(data.email),
            current_password=None if data.current_password is UNSET else data.current_password,
            client=context.client,
            seen=seen_versions(if_match),
        )
    )
