from dishka.integrations.litestar import FromDishka, inject
from litestar import Controller, post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from application.identity.enter_site import EnterSite
from domain.shared.caller import UserId
from entrypoints.http.answers import answers
from entrypoints.http.context import RequestContext
from entrypoints.http.guards import at_a_site
from entrypoints.http.identity_wire import ExchangeRequest, TokenResponse
from entrypoints.http.wire import StrictJson


class EntryController(Controller):
    """Apart from the other tokens, which both kinds of host give."""

    path = "/api/auth/jwt"
    tags = ("Authentication",)
    before_request = staticmethod(at_a_site)

    @post(
        "/exchange",
        dto=StrictJson[ExchangeRequest],
        return_dto=None,
        status_code=HTTP_200_OK,
        responses=answers(401, 403, 429, signed_in=False, body=True),
    )
    @inject
    async def enter_site(
        self, data: JSONBody[ExchangeRequest], enter: FromDishka[EnterSite], context: FromDishka[RequestContext]
    ) -> TokenResponse:
        """Enter this site with an access token of the platform.

        Owners of the site's organization are its admins; members to whom it was granted are users of it, with
        what groups and grants give them. Whoever loses that, or ends the session of the platform that they came
        from, is out within 5 seconds. Admins of the platform come in for a short time, marked in every line of the
        log and in the history: as themselves, or as the `user` they name. Nobody else can name one.
        """
        user = None if data.user is None else UserId(data.user)
        return TokenResponse.of(await enter(token=data.token, user=user, client=context.client))
