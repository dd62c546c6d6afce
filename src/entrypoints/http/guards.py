"""Who may ask at all: run by Litestar before anything of the request is read (`before_request`).

Not as Litestar's own guards, which get a fresh copy of the handler at every request.
"""

from typing import Any

import structlog
from litestar import Request

from domain.shared.caller import Caller
from domain.shared.errors import NotFoundError
from domain.tenancy.scope import PlatformScope, Scope, SiteScope
from entrypoints.http.context import RequestContext


class NotHereError(NotFoundError):
    code = "not_found"


async def at_a_site(request: Request[Any, Any, Any]) -> None:
    """Anybody; on a platform host there is no such resource."""
    if not isinstance(_scope(request), SiteScope):
        raise NotHereError("this resource exists on the hosts of sites only")


async def site_user(request: Request[Any, Any, Any]) -> None:
    """A signed-in user of a site; on a platform host there is no such resource."""
    await at_a_site(request)
    await signed_in(request)


async def platform_host(request: Request[Any, Any, Any]) -> None:
    """Anybody; on a site's host there is no such resource."""
    if not isinstance(_scope(request), PlatformScope):
        raise NotHereError("this resource exists on the platform's host only")


async def platform_user(request: Request[Any, Any, Any]) -> None:
    """A signed-in user of the platform; on a site's host there is no such resource."""
    await platform_host(request)
    await signed_in(request)


async def signed_in(request: Request[Any, Any, Any]) -> None:
    """A user of whatever host it is."""
    caller = await request.scope["state"]["dishka_container"].get(Caller)
    structlog.contextvars.bind_contextvars(user=caller.label)
    if caller.impersonator is not None:
        structlog.contextvars.bind_contextvars(
            impersonator=caller.impersonator_label, impersonator_id=str(caller.impersonator)
        )


def _scope(request: Request[Any, Any, Any]) -> Scope:
    context: RequestContext = request.scope["state"]["context"]
    return context.scope
