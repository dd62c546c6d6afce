"""The outermost layer: which site, whose request, and no error without an answer."""

import re
import time
from collections.abc import Awaitable, Callable
from ipaddress import ip_network
from typing import Any, Final

import structlog

from application.tenancy.ports import SiteDirectory
from domain.identity.session import Client
from domain.shared.errors import DomainError, NotFoundError
from domain.tenancy.routing import PlatformHost, destination
from domain.tenancy.scope import PlatformScope, Scope, SiteScope
from entrypoints.database_lost import DATABASE_LOST, database_lost
from entrypoints.http.answer import HEALTH, Answer, Send, fixed_headers, send_refusal
from entrypoints.http.context import RequestContext
from entrypoints.http.errors import (
    WHICH_METHODS,
    SiteUnavailableError,
    defect,
    refusal_of,
)
from entrypoints.http.hosts import Peer, read_peer
from entrypoints.http.moved import SiteMoved, redirection
from entrypoints.http.prompt_body import PromptBody
from entrypoints.http.tally import RequestTally
from entrypoints.identifiers import new_id
from entrypoints.settings import Settings

Receive = Callable[[], Awaitable[Any]]
App = Callable[[Any, Receive, Send], Awaitable[None]]

log: Final = structlog.get_logger("taruvi.http")
_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_TREATED_AS: Final = {"HEAD": "GET", "OPTIONS": WHICH_METHODS}
_WITHOUT_BODY: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_ALIAS: Final = "/api/cloud/auth/"
_LONGEST_AGENT: Final = 300


class SiteUnknownError(NotFoundError):
    code = "site_not_found"


class NoSuchPathError(NotFoundError):
    code = "not_found"


class Edge:
    """Wraps the application; nothing gets in without a request id, a client and a scope."""

    def __init__(self, app: App, directory: SiteDirectory, tally: RequestTally, settings: Settings) -> None:
        self._app = app
        self._tally = tally
        self._directory = directory
        self._base_domains = settings.base_domains
        self._trusted = [ip_network(network) for network in settings.trusted_proxies]
        self._fixed_headers = fixed_headers(settings)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, method = time.perf_counter(), scope["method"]
        peer = read_peer(scope, self._trusted)
        context = _context(scope, peer)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=context.request_id)
        answer = Answer(send, context, self._fixed_headers, without_body=method == "HEAD")
        try:
            await self._admit(scope, peer, context)
            await self._app(scope, receive if method in _WITHOUT_BODY else PromptBody(receive), answer)
        except SiteMoved as moved:
            await send_refusal(redirection(moved.slug, peer, scope), answer)
        except DomainError as error:
            await send_refusal(refusal_of(error), answer)
        except DATABASE_LOST as error:
            log.warning("the database cannot be used", reason=repr(error))
            await send_refusal(refusal_of(database_lost()), answer)
        except Exception as error:  # noqa: BLE001  nothing is outside of this but the server
            await send_refusal(defect(error), answer)
        finally:
            answer.log(method, started)

    async def _admit(self, scope: Any, peer: Peer, context: RequestContext) -> None:
        """Make the scope what the application expects. Raise what `_route` raises."""
        if not scope["path"].isprintable():
            raise NoSuchPathError("nothing is named with control characters")
        if not HEALTH.match(scope["path"]):
            context.scope = await self._route(peer)
            structlog.contextvars.bind_contextvars(site=context.scope.label)
            if isinstance(context.scope, SiteScope):
                self._tally.count(context.scope.site_id)
        scope["state"]["context"] = context
        # One host in one form: Litestar refuses what is not ASCII.
        host = peer.origin.partition("://")[2] if peer.host else "localhost"
        scope["headers"] = [header for header in scope["headers"] if header[0] != b"host"] + [(b"host", host.encode())]
        scope["method"] = _TREATED_AS.get(scope["method"], scope["method"])
        _follow_alias(scope)

    async def _route(self, peer: Peer) -> Scope:
        """Raise `SiteMoved`, `SiteUnknownError` or `SiteUnavailableError`."""
        target = destination(peer.host, self._base_domains) if peer.host else None
        if isinstance(target, PlatformHost):
            return PlatformScope()
        found = await self._directory.find(target) if target else None
        if found is None:
            raise SiteUnknownError("no site answers at this host")
        if found.is_open:
            return found.scope
        if found.has_moved:
            raise SiteMoved(found.scope.slug)
        raise SiteUnavailableError("this site is suspended", retry_after=300)


def _context(scope: Any, peer: Peer) -> RequestContext:
    request_id = agent = b""
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            request_id = value
        elif name == b"user-agent":
            agent = value
    known = request_id.decode() if _REQUEST_ID.fullmatch(request_id) else str(new_id())
    shown = "".join(c for c in agent.decode("utf-8", "replace") if c.isprintable())
    return RequestContext(
        known,
        Client(address=peer.address, user_agent=shown[:_LONGEST_AGENT]),
        peer.origin,
        scope["path"],
    )


def _follow_alias(scope: Any) -> None:
    """Published clients call the auth endpoints under `/api/cloud/`."""
    path: str = scope["path"]
    if path.startswith(_ALIAS):
        scope["path"] = path.replace("/api/cloud/", "/api/", 1)
        scope["raw_path"] = scope["path"].encode()
