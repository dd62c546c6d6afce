from typing import Any
from uuid import UUID

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, delete, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK

from adapters.crypto.keyring import Keyring
from application.identity.change_password import ChangePassword
from application.identity.end_all_sessions import EndAllSessions
from application.identity.end_session import EndSession
from application.identity.list_sessions import ListSessions
from application.identity.log_in import LogIn
from application.identity.log_out import LogOut
from application.identity.refresh_session import RefreshSession
from application.identity.verify_token import VerifyToken
from application.identity.views import SessionView
from domain.shared.caller import SessionId
from entrypoints.http.answers import answers
from entrypoints.http.context import RequestContext
from entrypoints.http.guards import signed_in
from entrypoints.http.identity_wire import (
    ChangePasswordRequest,
    Empty,
    LogInRequest,
    RefreshRequest,
    TokenResponse,
    VerifyRequest,
)
from entrypoints.http.lists import ListResponse, PageQuery, listed, listing
from entrypoints.http.wire import StrictJson, from_query


class TokenController(Controller):
    path = "/api/auth/jwt"
    tags = ("Authentication",)

    @post(
        "/token",
        dto=StrictJson[LogInRequest],
        return_dto=None,
        status_code=HTTP_200_OK,
        responses=answers(401, 429, signed_in=False, body=True),
    )
    @inject
    async def log_in(
        self, data: JSONBody[LogInRequest], log_in: FromDishka[LogIn], context: FromDishka[RequestContext]
    ) -> TokenResponse:
        """Log in with username or email and password."""
        return TokenResponse.of(await log_in(login=data.login, password=data.password, client=context.client))

    @post(
        ["/refresh", "/token/refresh"],
        dto=StrictJson[RefreshRequest],
        return_dto=None,
        status_code=HTTP_200_OK,
        responses=answers(401, signed_in=False, body=True),
    )
    @inject
    async def refresh(
        self, data: JSONBody[RefreshRequest], refresh_session: FromDishka[RefreshSession]
    ) -> TokenResponse:
        """Trade a refresh token for the next pair.

        Each is good once. A second use ends the session, unless it comes within seconds from a client
        that lost the answer: that one gets the same successor.
        """
        return TokenResponse.of(await refresh_session(refresh=data.refresh))

    @post(
        ["/verify", "/token/verify"],
        dto=StrictJson[VerifyRequest],
        return_dto=None,
        status_code=HTTP_200_OK,
        responses=answers(401, signed_in=False, body=True),
    )
    @inject
    async def verify(self, data: JSONBody[VerifyRequest], verify_token: FromDishka[VerifyToken]) -> Empty:
        """Tell whether a token, access or refresh, would be accepted now."""
        await verify_token(token=data.token)
        return Empty()

    @post(
        ["/blacklist", "/token/blacklist"],
        dto=StrictJson[RefreshRequest],
        return_dto=None,
        status_code=HTTP_200_OK,
        responses=answers(401, signed_in=False, body=True),
    )
    @inject
    async def log_out(self, data: JSONBody[RefreshRequest], log_out: FromDishka[LogOut]) -> Empty:
        """Log out: the session of this refresh token ends."""
        await log_out(refresh=data.refresh)
        return Empty()


class SessionController(Controller):
    path = "/api/auth/sessions"
    tags = ("Authentication",)
    before_request = staticmethod(signed_in)
    security = ({"BearerToken": []},)

    @get(
        dependencies={"asked": Provide(from_query(PageQuery), sync_to_thread=False)},
        operation_class=listing(PageQuery),
        responses=answers(400, permitted=False),
    )
    @inject
    async def list_sessions(
        self,
        request: Request[Any, Any, Any],
        asked: NamedDependency[PageQuery],
        list_sessions: FromDishka[ListSessions],
    ) -> ListResponse[SessionView]:
        """Your own live sessions, the one used last first.

        One with `impersonated_by` is not yours: an admin of the platform acts as you in it.
        """
        return listed(await list_sessions(asked.slice), asked, request)

    @delete("/{session_id:uuid}", responses=answers())
    @inject
    async def end_session(self, session_id: FromPath[UUID], end_session: FromDishka[EndSession]) -> None:
        """End one of your sessions: its tokens are refused from then on (access within 5 seconds).

        Whoever acts as a user can end that session alone.
        """
        await end_session(session_id=SessionId(session_id))

    @delete(responses=answers())
    @inject
    async def end_all_sessions(self, end_all: FromDishka[EndAllSessions]) -> None:
        """Log out everywhere, here included. Not for whoever acts as a user."""
        await end_all()


class PasswordController(Controller):
    path = "/api/profile"
    tags = ("Profile",)
    before_request = staticmethod(signed_in)
    security = ({"BearerToken": []},)

    @post(
        "/change-password",
        dto=StrictJson[ChangePasswordRequest],
        return_dto=None,
        status_code=HTTP_200_OK,
        responses=answers(422, 429, body=True),
    )
    @inject
    async def change_password(
        self,
        data: JSONBody[ChangePasswordRequest],
        change_password: FromDishka[ChangePassword],
        context: FromDishka[RequestContext],
    ) -> TokenResponse:
        """Change your password. All your sessions end; the answer is a new one for this client.

        Who came from the platform has their password there, and whoever acts as a user cannot change it.
        """
        return TokenResponse.of(
            await change_password(
                current_password=data.current_password,
                new_password=data.new_password,
                client=context.client,
            )
        )


class KeyController(Controller):
    path = "/.well-known"
    tags = ("Authentication",)

    @get("/jwks.json", responses=answers(signed_in=False))
    @inject
    async def keys(self, keyring: FromDishka[Keyring]) -> dict[str, Any]:
        """The public keys that verify tokens (RFC 7517)."""
        return keyring.public_jwks()
