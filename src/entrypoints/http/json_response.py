"""The response of every operation, with the fewest steps from a Struct to bytes."""

from http import HTTPStatus
from typing import Any, Final, TypeVar

import msgspec
from litestar import MediaType, Response
from litestar.response.base import ASGIResponse
from litestar.types import Receive, Scope, Send

T = TypeVar("T")

_ENCODE: Final = msgspec.json.Encoder().encode
_WITHOUT_BODY: Final = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


class JsonResponse(Response[T]):
    """Content as JSON, a status, headers. Whatever else Litestar's own can do, it leaves to that one."""

    def to_asgi_response(self, *args: Any, **options: Any) -> ASGIResponse:
        if (self.media_type or MediaType.JSON) != MediaType.JSON or self.cookies or self.background:
            return super().to_asgi_response(*args, **options)
        status = self.status_code or options.get("status_code") or HTTPStatus.OK
        return _JsonAnswer(status, self.content, {**(options.get("headers") or {}), **self.headers})


class _JsonAnswer(ASGIResponse):
    def __init__(self, status: int, content: object, headers: dict[str, str]) -> None:
        self.status_code = status
        self.body = b"" if status in _WITHOUT_BODY else _ENCODE(content)
        self._sent = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  ASGI's signature
        if self.status_code not in _WITHOUT_BODY:
            self._sent += [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(self.body))]
        await send({"type": "http.response.start", "status": self.status_code, "headers": self._sent})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})
