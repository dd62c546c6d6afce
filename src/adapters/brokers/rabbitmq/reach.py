"""Asking a broker that may be away: an answer within seconds, or `BrokerUnavailableError`."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from aio_pika import connect
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import CONNECTION_EXCEPTIONS

from application.jobs.transport import BrokerUnavailableError

T = TypeVar("T")

OUTAGES: Final = (*CONNECTION_EXCEPTIONS, TimeoutError)
ANSWER_SECONDS: Final = 7.0
_CLOSE_SECONDS: Final = 1.0
_closings: Final[set["asyncio.Future[None]"]] = set()
_log: Final = logging.getLogger(__name__)
_HEARTBEAT: Final = 5
"""A connection that is dead without having said so is noticed after 18 seconds."""


async def within(seconds: float, question: Coroutine[Any, Any, T]) -> T:
    """The library leaves what waits for an answer cancelled when the connection goes: here that is an outage too."""
    task = asyncio.ensure_future(question)
    try:
        await asyncio.wait({task}, timeout=seconds)
    finally:
        pending = not task.done() and task.cancel()
    if pending:
        raise BrokerUnavailableError(f"no answer within {seconds:g} seconds")
    if task.cancelled():
        raise BrokerUnavailableError("the connection was lost")
    error = task.exception()
    if isinstance(error, OUTAGES):
        raise BrokerUnavailableError(f"cannot be reached: {type(error).__name__}") from error
    return task.result()


@asynccontextmanager
async def open_channel(url: str, name: str) -> AsyncIterator[AbstractChannel]:
    """On a connection of its own. Where the broker does not answer to the farewell, nobody waits for that."""
    connection = await within(
        ANSWER_SECONDS,
        connect(url, timeout=ANSWER_SECONDS, heartbeat=_HEARTBEAT, name=name),
    )
    try:
        yield await within(ANSWER_SECONDS, _opened(connection.channel(on_return_raises=True)))
    finally:
        await _leave(connection)


async def _leave(connection: AbstractConnection) -> None:
    """It is closed all the same, later: one that stayed open would go on taking messages that nobody reads."""
    closing = asyncio.ensure_future(connection.close())
    _closings.add(closing)
    closing.add_done_callback(_closed)
    await asyncio.wait({closing}, timeout=_CLOSE_SECONDS)


def _closed(closing: "asyncio.Future[None]") -> None:
    _closings.discard(closing)
    if not closing.cancelled() and (error := closing.exception()) is not None:
        _log.debug("a connection to RabbitMQ did not close in order: %s", type(error).__name__)


async def _opened(channel: AbstractChannel) -> AbstractChannel:
    await channel.initialize()
    return channel
