import asyncio
import logging
from collections.abc import AsyncGenerator, Collection, Coroutine
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from adapters.brokers.backoff import Backoff
from adapters.brokers.sqs.delivery import SqsDelivery
from adapters.brokers.sqs.queues import ANSWER_SECONDS, SqsQueues
from application.jobs.transport import BrokerUnavailableError, Delivery

_log: Final = logging.getLogger(__name__)
_BATCH: Final = 10
"""More does not come in one request."""


@dataclass(slots=True)
class SqsConsumer:
    """At most `each` of a queue are unacknowledged at once: what is not asked for stays with Amazon."""

    queues: SqsQueues
    each: int
    _incoming: asyncio.Queue[SqsDelivery] = field(default_factory=asyncio.Queue)
    _unacked: set[SqsDelivery] = field(default_factory=set)
    _requests: set[asyncio.Task[list[SqsDelivery]]] = field(default_factory=set)

    async def deliveries(self, names: Collection[str]) -> AsyncGenerator[Delivery]:
        """What is not acknowledged when this is closed is given back."""
        polls = [asyncio.create_task(self._poll(name, asyncio.Semaphore(self.each))) for name in names]
        try:
            while True:
                yield await self._incoming.get()
        finally:
            for poll in polls:
                poll.cancel()
            await asyncio.wait(polls)
            self.queues.later(self._hear_out())
            await asyncio.gather(*(one.give_back() for one in self._unacked))

    async def _hear_out(self) -> None:
        """Requests that listen: what they bring would be out of sight for a while if nobody gave it back."""
        if self._requests:
            for request in await asyncio.gather(*self._requests, return_exceptions=True):
                if not isinstance(request, BaseException):
                    await asyncio.gather(*(delivery.give_back() for delivery in request))

    async def _poll(self, name: str, room: asyncio.Semaphore) -> None:
        backoff = Backoff()
        while True:
            count = await _taken(room)
            try:
                deliveries = await self._heard(self._receive(name, room, count))
                backoff.reset()
            except BrokerUnavailableError as error:
                _log.warning("no jobs come from %s for now: %s", name, error)
                deliveries = []
                await backoff.pause()
            for _ in range(count - len(deliveries)):
                room.release()
            for delivery in deliveries:
                await self._arrived(delivery)

    async def _heard(self, request: Coroutine[Any, Any, list[SqsDelivery]]) -> list[SqsDelivery]:
        """It goes on if whoever waits for it is cancelled."""
        task = asyncio.create_task(request)
        self._requests.add(task)
        try:
            return await asyncio.shield(task)
        finally:
            if task.done():
                self._requests.discard(task)

    async def _receive(self, name: str, room: asyncio.Semaphore, count: int) -> list[SqsDelivery]:
        address = self.queues.address
        answer = await self.queues.ask(
            "receive_message",
            name,
            seconds=address.wait_seconds + ANSWER_SECONDS,
            MaxNumberOfMessages=count,
            WaitTimeSeconds=address.wait_seconds,
            VisibilityTimeout=address.visibility_seconds,
            MessageAttributeNames=["All"],
        )
        done = partial(self._done, room)
        return [SqsDelivery(self.queues, name, message, done=done) for message in answer.get("Messages", ())]

    async def _arrived(self, delivery: SqsDelivery) -> None:
        self._unacked.add(delivery)
        if delivery.is_readable:
            self._incoming.put_nowait(delivery)
            return
        try:
            await delivery.keep()
        except BrokerUnavailableError as error:
            _log.warning("an unreadable message will come again: %s", error)
            delivery.forget()

    def _done(self, room: asyncio.Semaphore, delivery: SqsDelivery) -> None:
        if delivery in self._unacked:
            self._unacked.remove(delivery)
            room.release()


async def _taken(room: asyncio.Semaphore) -> int:
    """Wait until there is room, and take all of it that one request can fill."""
    await room.acquire()
    count = 1
    while count < _BATCH and not room.locked():
        await room.acquire()
        count += 1
    return count
