from typing import Annotated, Any, Final
from uuid import UUID

from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.status_codes import HTTP_200_OK

from application.identity.reset_password import ResetPassword
from domain.shared.errors import DomainError
from domain.tenancy.invitation import InvitationId
from entrypoints.http.guards import platform_host
from entrypoints.http.pages.invitation_form import InvitationForm
from entrypoints.http.pages.rendering import form_of, page, sound

_PATH: Final = "/{invitation_id:uuid}"


class InvitationPage(Controller):
    """Shows the form to whoever asks: what there is behind a token, only its use tells."""

    path = "/invitations"
    include_in_schema = False
    before_request = staticmethod(platform_host)

    @get(_PATH)
    async def show_form(
        self, invitation_id: FromPath[UUID], token: Annotated[str, QueryParameter()] = ""
    ) -> Response[str]:
        return page("invitation", token=sound(token), username="", id=invitation_id)

    @post(_PATH, status_code=HTTP_200_OK)
    @inject
    async def answer_invitation(
        self, invitation_id: FromPath[UUID], request: Request[Any, Any, Any], answers: FromDishka[InvitationForm]
    ) -> Response[str]:
        form = await form_of(request)
        token, username = sound(form.get("token", "")), form.get("username", "")
        try:
            title, text = await answers(InvitationId(invitation_id), token, form)
        except DomainError as error:
            return page("invitation", error, token=token, username=username, id=invitation_id)
        return page("done", title=title, text=text)


class PasswordResetPage(Controller):
    path = "/password/reset"
    include_in_schema = False

    @get()
    async def show_form(self, token: Annotated[str, QueryParameter()] = "") -> Response[str]:
        return page("password_reset", token=sound(token))

    @post(status_code=HTTP_200_OK)
    @inject
    async def reset(self, request: Request[Any, Any, Any], reset_password: FromDishka[ResetPassword]) -> Response[str]:
        form = await form_of(request)
        token = sound(form.get("token", ""))
        try:
            await reset_password(token=token, password=form.get("password", ""))
        except DomainError as error:
            return page("password_reset", error, token=token)
        return page("done", title="New password", text="It is set, and you are signed out everywhere. Sign in with it.")
