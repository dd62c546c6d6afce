from collections.abc import Coroutine
from typing import Any

import structlog
from dishka import Provider, alias, decorate, provide, provide_all
from dishka import Scope as Lifetime
from litestar import Request

from application.identity.authenticate import Authenticate
from application.identity.entry_ports import PlatformTokens
from application.identity.ports import LoginThrottle, TokenCodec
from application.identity.reset_ports import ResetThrottle
from application.identity.views import Allowance
from application.shared.trail import Trail, TrailSource
from domain.identity.tokens import AccessClaims, InvalidTokenError, RefreshClaims
from domain.shared.caller import Caller
from domain.shared.errors import ThrottledError, UnauthenticatedError
from domain.tenancy.scope import Scope
from entrypoints.http.context import RequestContext
from entrypoints.http.domains import DomainAnswer
from entrypoints.http.history import Past
from entrypoints.http.invitation_answers import Acceptance, InvitationAnswer
from entrypoints.http.job_answers import JobAnswer
from entrypoints.http.organization_answers import MemberAnswer, OrganizationAnswer
from entrypoints.http.pages.invitation_form import InvitationForm
from entrypoints.http.schedule_answers import ScheduleAnswer
from entrypoints.http.site_answers import SiteAnswer, SitePlace


class HttpRequest(Provider):
    """Who asks, for which site and from where: read from the request."""

    scope = Lifetime.REQUEST
    request = alias(source=Request, provides=Request[Any, Any, Any])

    @provide
    def context(self, request: Request) -> RequestContext:  # type: ignore[type-arg]  # Dishka knows the bare class
        context: RequestContext = request.scope["state"]["context"]
        return context

    @provide
    def tenant(self, context: RequestContext) -> Scope:
        return context.scope

    @provide
    def trail(self, context: RequestContext) -> TrailSource:
        return lambda: _trail(context)

    @provide
    async def caller(
        self,
        request: Request,  # type: ignore[type-arg]  # Dishka knows the bare class
        context: RequestContext,
        authenticate: Authenticate,
    ) -> Caller:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not token:
            raise UnauthenticatedError("sign in and send the access token as a bearer token")
        if scheme.lower() != "bearer":
            raise InvalidTokenError("only bearer tokens are accepted")
        context.caller = await authenticate(token=token.strip())
        return context.caller

    places = provide_all(
        SitePlace,
        SiteAnswer,
        OrganizationAnswer,
        MemberAnswer,
        DomainAnswer,
        InvitationAnswer,
        JobAnswer,
        ScheduleAnswer,
        Acceptance,
        InvitationForm,
        Past,
    )

    @decorate
    def throttle(self, source: LoginThrottle, context: RequestContext) -> LoginThrottle:
        return ReportingThrottle(source, context)

    @decorate
    def reset_throttle(self, source: ResetThrottle, context: RequestContext) -> ResetThrottle:
        return ReportingResetThrottle(source, context)

    @decorate
    def codec(self, source: TokenCodec, context: RequestContext) -> TokenCodec:
        return NotedTokenCodec(source, context)

    @decorate
    def platform_tokens(self, source: PlatformTokens, context: RequestContext) -> PlatformTokens:
        return NotedPlatformTokens(source, context)


class NotedPlatformTokens(PlatformTokens):
    """Lets the log and the history say who enters a site, before they are a user of it."""

    def __init__(self, source: PlatformTokens, context: RequestContext) -> None:
        self._source = source
        self._context = context

    async def __call__(self, *, token: str) -> Caller:
        caller = await self._source(token=token)
        self._context.visitor = f"platform:{caller.label}"
        structlog.contextvars.bind_contextvars(visitor=caller.label)
        return caller


class NotedTokenCodec(TokenCodec):
    """Lets the log and the history tell an impersonation where nothing but its refresh token is sent."""

    def __init__(self, source: TokenCodec, context: RequestContext) -> None:
        self._source = source
        self._context = context

    def write_access(self, claims: AccessClaims) -> str:
        return self._source.write_access(claims)

    def write_refresh(self, claims: RefreshClaims) -> str:
        return self._source.write_refresh(claims)

    def read_access(self, token: str) -> AccessClaims:
        return self._source.read_access(token)

    def read_refresh(self, token: str) -> RefreshClaims:
        claims = self._source.read_refresh(token)
        if claims.impersonator is not None:
            self._context.impersonator = claims.impersonator
            structlog.contextvars.bind_contextvars(impersonator_id=str(claims.impersonator))
        return claims


class ReportingThrottle(LoginThrottle):
    """Lets the response say what is left of the limit."""

    def __init__(self, source: LoginThrottle, context: RequestContext) -> None:
        self._source = source
        self._context = context

    async def admit(self, login: str, address: str) -> Allowance:
        return await _reported(self._context, self._source.admit(login, address))

    async def forgive(self, login: str, address: str) -> None:
        await self._source.forgive(login, address)


class ReportingResetThrottle(ResetThrottle):
    def __init__(self, source: ResetThrottle, context: RequestContext) -> None:
        self._source = source
        self._context = context

    async def admit(self, login: str, address: str) -> Allowance:
        return await _reported(self._context, self._source.admit(login, address))


async def _reported(context: RequestContext, asked: Coroutine[Any, Any, Allowance]) -> Allowance:
    try:
        context.allowance = await asked
    except ThrottledError as error:
        context.allowance = Allowance(limit=error.limit, remaining=0, resets_at=error.resets_at)
        raise
    return context.allowance


def _trail(context: RequestContext) -> Trail:
    caller = context.caller
    return Trail(
        actor=caller.user_id if caller else None,
        actor_label=caller.label if caller else context.visitor,
        request_id=context.request_id,
        impersonator=caller.impersonator if caller else context.impersonator,
        session=caller.session_id if caller else None,
    )
