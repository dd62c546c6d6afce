"""The outermost layer: which site, whose request, how long it took; and what every response carries."""

import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from ipaddress import ip_network
from typing import Any, Final

import msgspec
import structlog

from application.tenancy.ports import SiteDirectory
from domain.identity.session import Client
from domain.shared.errors import DomainError, NotFoundError
from domain.tenancy.routing import PlatformHost, destination
from domain.tenancy.scope import PlatformScope, Scope
from entrypoints.http.context import RequestContext
from entrypoints.http.errors import (
    DATABASE_LOST,
    SiteUnavailableError,
    database_lost,
    refusal_of,
)
from entrypoints.http.hosts import Peer, read_peer
from entrypoints.identifiers import new_id
from entrypoints.settings import Settings

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
App = Callable[[Any, Receive, Send], Awaitable[None]]

log: Final = structlog.get_logger("taruvi.http")
_REQUEST_ID: Final = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_ALIAS: Final = "/api/cloud/auth/"
_LONGEST_AGENT: Final = 300
_ENCODE: Final = msgspec.json.Encoder().encode


class SiteUnknownError(NotFoundError):
    code = "site_not_found"


class Edge:
    """Wraps the application; nothing gets in without a request id, a client and a scope."""

    def __init__(self, app: App, directory: SiteDirectory, settings: Settings) -> None:
        self._app = app
        self._directory = directory
        self._base_domains = settings.base_domains
        self._trusted = [ip_network(network) for network in settings.trusted_proxies]
        self._fixed_headers = _fixed_headers(settings)

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        peer = read_peer(scope, self._trusted)
        context = _context(scope, peer)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=context.request_id)
        answer = Answer(send, context, self._fixed_headers)
        try:
            if not scope["path"].startswith("/health"):
                context.scope = await self._route(peer)
                structlog.contextvars.bind_contextvars(site=context.scope.label)
            scope["state"]["context"] = context
            _follow_alias(scope)
            await self._app(scope, receive, answer)
        except DomainError as error:
            await _refuse(error, answer)
        except DATABASE_LOST as error:
            log.error("the database cannot be used", reason=repr(error))
            await _refuse(database_lost(), answer)
        finally:
            answer.log(scope, started)

    async def _route(self, peer: Peer) -> Scope:
        """Raise `SiteUnknownError` or `SiteUnavailableError`."""
        target = destination(peer.host, self._base_domains) if peer.host else None
        if isinstance(target, PlatformHost):
            return PlatformScope()
        found = await self._directory.find(target) if target else None
        if found is None:
            raise SiteUnknownError("no site answers at this host")
        if not found.is_open:
            raise SiteUnavailableError("this site is suspended", retry_after=300)
        return found.scope


class Answer:
    """Sends on what the application answers, with the headers that every response has."""

    def __init__(self, send: Send, context: RequestContext, headers: list[tuple[bytes, bytes]]) -> None:
        self._send = send
        self._context = context
        self._headers = headers
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            own = list(message["headers"])
            present = {name for name, _ in own}
            own += [header for header in self._headers if header[0] not in present]
            own.append((b"x-request-id", self._context.request_id.encode()))
            message["headers"] = own + self._limit_headers()
        await self._send(message)

    def _limit_headers(self) -> list[tuple[bytes, bytes]]:
        if (allowance := self._context.allowance) is None:
            return []
        return [
            (b"x-ratelimit-limit", b"%d" % allowance.limit),
            (b"x-ratelimit-remaining", b"%d" % allowance.remaining),
            (b"x-ratelimit-reset", b"%d" % allowance.resets_at),
        ]

    def log(self, scope: Any, started: float) -> None:
        """One line a request; never the query string, which may hold secrets."""
        caller = self._context.caller
        log.info(
            "request",
            method=scope["method"],
            path=self._context.path,
            status=self.status,
            ms=round((time.perf_counter() - started) * 1000, 2),
            user=caller.label if caller else None,
            client=self._context.client.address,
        )


async def _refuse(error: DomainError, answer: Answer) -> None:
    refusal = refusal_of(error)
    body = _ENCODE(refusal.body)
    headers = [(key.lower().encode(), value.encode()) for key, value in refusal.headers.items()]
    headers.append((b"content-type", b"application/json"))
    headers.append((b"content-length", b"%d" % len(body)))
    start = {"type": "http.response.start", "status": int(refusal.status), "headers": headers}
    await answer(start)
    await answer({"type": "http.response.body", "body": body})


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


def _fixed_headers(settings: Settings) -> list[tuple[bytes, bytes]]:
    headers = [
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"no-referrer"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"cache-control", b"no-store"),
    ]
    if settings.is_production:
        headers.append((b"strict-transport-security", b"max-age=31536000; includeSubDomains"))
    return headers
