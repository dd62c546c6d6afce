from typing import Any

import structlog
from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler

from domain.shared.caller import Caller
from domain.shared.errors import NotFoundError
from domain.tenancy.scope import PlatformScope, SiteScope
from entrypoints.http.context import RequestContext

Connection = ASGIConnection[Any, Any, Any, Any]


class NotHereError(NotFoundError):
    code = "not_found"


async def site_user(connection: Connection, handler: BaseRouteHandler) -> None:
    """A signed-in user of a site; on a platform host there is no such resource.

    One guard for both, and a coroutine: Litestar copies the handler for each guard, and runs a plain
    function in a thread.
    """
    if not isinstance(_context(connection).scope, SiteScope):
        raise NotHereError("this resource exists on the hosts of sites only")
    await signed_in(connection, handler)


async def platform_user(connection: Connection, handler: BaseRouteHandler) -> None:
    """A signed-in user of the platform; on a site's host there is no such resource."""
    if not isinstance(_context(connection).scope, PlatformScope):
        raise NotHereError("this resource exists on the platform's host only")
    await signed_in(connection, handler)


async def signed_in(connection: Connection, _: BaseRouteHandler) -> None:
    """Authenticate before anything of the request is read."""
    caller = await connection.scope["state"]["dishka_container"].get(Caller)
    structlog.contextvars.bind_contextvars(user=caller.label)


def _context(connection: Connection) -> RequestContext:
    context: RequestContext = connection.scope["state"]["context"]
    return context
