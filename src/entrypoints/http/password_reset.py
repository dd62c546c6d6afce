from typing import Annotated
from urllib.parse import urlsplit

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK
from msgspec import Meta, Struct

from application.identity.request_password_reset import RequestPasswordReset
from application.identity.reset_password import ResetPassword
from entrypoints.http.answers import answers
from entrypoints.http.context import RequestContext
from entrypoints.http.identity_wire import Empty, Password
from entrypoints.http.wire import StrictJson


class RequestPasswordResetRequest(Struct, forbid_unknown_fields=True):
    email: Annotated[str, Meta(min_length=3, max_length=254, examples=["ada@example.org"])]


class ResetPasswordRequest(Struct, forbid_unknown_fields=True):
    """`token` is what the link in the mail has."""

    token: Annotated[str, Meta(min_length=1, max_length=200)]
    password: Password


class PasswordResetController(Controller):
    path = "/api/auth/password/reset"
    tags = ("Authentication",)

    @post(
        dto=StrictJson[RequestPasswordResetRequest],
        return_dto=None,
        status_code=HTTP_200_OK,
        responses=answers(429, signed_in=False, body=True),
    )
    @inject
    async def request_password_reset(
        self,
        data: JSONBody[RequestPasswordResetRequest],
        request_password_reset: FromDishka[RequestPasswordReset],
        context: FromDishka[RequestContext],
    ) -> Empty:
        """Ask for a mail to set a new password by.

        The answer is the same whether or not somebody here has the address. The link works once, for an hour, on this
        host; a newer one replaces it.
        """
        host = urlsplit(context.origin).hostname or ""
        await request_password_reset(email=data.email, host=host, client=context.client)
        return Empty()

    @post(
        "/confirm",
        dto=StrictJson[ResetPasswordRequest],
        return_dto=None,
        status_code=HTTP_200_OK,
        responses=answers(signed_in=False, body=True),
    )
    @inject
    async def reset_password(
        self, data: JSONBody[ResetPasswordRequest], reset_password: FromDishka[ResetPassword]
    ) -> Empty:
        """Set a new password by the token of a mail. All sessions of the user end; log in anew."""
        await reset_password(token=data.token, password=data.password)
        return Empty()
