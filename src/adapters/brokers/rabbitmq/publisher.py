import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final, TypeVar

from aio_pika.abc import AbstractChannel

from adapters.brokers.rabbitmq.address import RabbitAddress
from adapters.brokers.rabbitmq.queues import declare_queues, put
from adapters.brokers.rabbitmq.reach import ANSWER_SECONDS, open_channel, within
from application.jobs.transport import BrokerUnavailableError

T = TypeVar("T")

_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True, eq=False)
class _Link:
    channel: AbstractChannel
    stack: AsyncExitStack


class Publisher:
    """One connection, made when it is needed, and anew after anything went wrong with it."""

    def __init__(self, address: RabbitAddress) -> None:
        self._address = address
        self._link: _Link | None = None
        self._opening = asyncio.Lock()

    async def send(self, name: str, bodies: Sequence[bytes]) -> None:
        """Return when all are confirmed. Raise `BrokerUnavailableError`, within ten seconds."""
        await self._ask(lambda channel: _put_all(channel, name, bodies))

    async def strays(self) -> int:
        """Raise `BrokerUnavailableError`."""

        async def count(channel: AbstractChannel) -> int:
            queue = await channel.declare_queue(self._address.strays, passive=True)
            return queue.declaration_result.message_count or 0

        return await self._ask(count)

    async def close(self) -> None:
        await self._drop(self._link)

    async def _ask(self, question: Callable[[AbstractChannel], Awaitable[T]]) -> T:
        link: _Link | None = None

        async def answer() -> T:
            nonlocal link
            link = await self._linked()
            return await question(link.channel)

        try:
            return await within(ANSWER_SECONDS, answer())
        except BrokerUnavailableError:
            await self._drop(link)
            raise

    async def _linked(self) -> _Link:
        async with self._opening:
            if self._link is None or self._link.channel.is_closed:
                await self._drop(self._link)
                self._link = await self._open()
            return self._link

    async def _open(self) -> _Link:
        async with AsyncExitStack() as stack:
            channel = await stack.enter_async_context(open_channel(self._address.url, "taruvi publisher"))
            await declare_queues(channel, self._address)
            return _Link(channel, stack.pop_all())

    async def _drop(self, link: _Link | None) -> None:
        if link is not None:
            self._link = None if self._link is link else self._link
            await link.stack.aclose()


async def _put_all(channel: AbstractChannel, name: str, bodies: Sequence[bytes]) -> None:
    for start in range(0, len(bodies), _AT_ONCE):
        batch = (put(channel, name, body) for body in bodies[start : start + _AT_ONCE])
        results = await asyncio.gather(*batch, return_exceptions=True)
        for failure in (one for one in results if isinstance(one, BaseException)):
            raise failure
