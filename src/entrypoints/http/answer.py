"""What every response has, whoever answers, and its line in the log."""

import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any, Final

import msgspec
import structlog

from entrypoints.http.context import RequestContext
from entrypoints.http.errors import Refusal
from entrypoints.settings import Settings

Message = MutableMapping[str, Any]
Send = Callable[[Any], Awaitable[None]]

log: Final = structlog.get_logger("taruvi.http")
HEALTH: Final = re.compile(r"/health(/|\Z)")
_ENCODE: Final = msgspec.json.Encoder().encode


class Answer:
    """Sends on what the application answers, with the headers that every response has."""

    def __init__(
        self, send: Send, context: RequestContext, headers: list[tuple[bytes, bytes]], *, without_body: bool
    ) -> None:
        self._send = send
        self._context = context
        self._headers = headers
        self._without_body = without_body
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            own = list(message["headers"])
            present = {name for name, _ in own}
            own += [header for header in self._headers if header[0] not in present]
            own.append((b"x-request-id", self._context.request_id.encode()))
            if b"allow" in present:
                own = [(name, _with_head(value) if name == b"allow" else value) for name, value in own]
            message["headers"] = own + self._limit_headers()
        elif self._without_body:
            message = {**message, "body": b""}
        await self._send(message)

    def _limit_headers(self) -> list[tuple[bytes, bytes]]:
        if (allowance := self._context.allowance) is None:
            return []
        return [
            (b"x-ratelimit-limit", b"%d" % allowance.limit),
            (b"x-ratelimit-remaining", b"%d" % allowance.remaining),
            (b"x-ratelimit-reset", b"%d" % allowance.resets_at),
        ]

    def log(self, method: str, started: float) -> None:
        """One line a request, but for probes that find all well; never the query string: it may hold secrets."""
        caller = self._context.caller
        tell = log.debug if self.status == HTTPStatus.OK and HEALTH.match(self._context.path) else log.info
        tell(
            "request",
            method=method,
            path=self._context.path,
            status=self.status,
            ms=round((time.perf_counter() - started) * 1000, 2),
            user=caller.label if caller else None,
            client=self._context.client.address,
        )


async def send_refusal(refusal: Refusal, answer: Answer) -> None:
    if answer.status:
        return  # it has begun to answer: the server breaks the connection
    body = _ENCODE(refusal.body)
    headers = [(key.lower().encode(), value.encode()) for key, value in refusal.headers.items()]
    headers.append((b"content-type", b"application/json"))
    headers.append((b"content-length", b"%d" % len(body)))
    start = {"type": "http.response.start", "status": int(refusal.status), "headers": headers}
    await answer(start)
    await answer({"type": "http.response.body", "body": body})


def fixed_headers(settings: Settings) -> list[tuple[bytes, bytes]]:
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


def _with_head(allowed: bytes) -> bytes:
    """HEAD is answered wherever GET is."""
    methods = {method.strip() for method in allowed.split(b",")}
    return b", ".join(sorted(methods | {b"HEAD"} if b"GET" in methods else methods))
