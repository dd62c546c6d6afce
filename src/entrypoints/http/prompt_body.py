import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from litestar.exceptions import HTTPException
from litestar.status_codes import HTTP_408_REQUEST_TIMEOUT

SECONDS: Final = 30.0
"""How long a client may take to send a body. With it a request is bounded, and so is what a site's old
slug is kept from others for (ADR 0002): no request of the old site is left when the next one may have it."""

Receive = Callable[[], Awaitable[Any]]


class SlowBodyError(HTTPException):
    status_code = HTTP_408_REQUEST_TIMEOUT


class PromptBody:
    """Receives a request's body within `seconds` in all, or raises `SlowBodyError`."""

    def __init__(self, receive: Receive, seconds: float = SECONDS) -> None:
        self._receive = receive
        self._deadline = asyncio.get_running_loop().time() + seconds
        self._is_complete = False

    async def __call__(self) -> Any:
        if self._is_complete:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError as error:
            raise SlowBodyError("the body did not arrive in time") from error
        self._is_complete = not message.get("more_body", False)
        return message
