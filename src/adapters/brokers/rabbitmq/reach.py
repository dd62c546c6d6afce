"""Asking a broker that may be away: an answer within seconds, or `BrokerUnavailableError`."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from aio_pika import connect
from aio_pika.abc import AbstractChannel
from aio_pika.exceptions import CONNECTION_EXCEPTIONS

from application.jobs.transport import BrokerUnavailableError

T = TypeVar("T")

OUTAGES: Final = (*CONNECTION_EXCEPTIONS, TimeoutError)
ANSWER_SECONDS: Final = 7.0
_CLOSE_SECONDS: Final = 1.0
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
    """On a connection of its own, which is left behind where the broker does not even answer to the farewell."""
    connection = await within(
        ANSWER_SECONDS,
        connect(url, timeout=ANSWER_SECONDS, heartbeat=_HEARTBEAT, name=name),
    )
    try:
        yield await within(ANSWER_SECONDS, _opened(connection.channel(on_return_raises=True)))
    finally:
        closing = asyncio.ensure_future(connection.close())
        await asyncio.wait({closing}, timeout=_CLOSE_SECONDS)
        if not closing.cancel() and not closing.cancelled():
            closing.exception()


async def _opened(channel: AbstractChannel) -> AbstractChannel:
    await channel.initialize()
    return channel
