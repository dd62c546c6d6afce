import logging
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import aclosing
from typing import Final

from adapters.brokers.backoff import Backoff
from adapters.brokers.message import write_message
from adapters.brokers.rabbitmq.address import RabbitAddress
from adapters.brokers.rabbitmq.consumer import consume
from adapters.brokers.rabbitmq.publisher import Publisher
from application.jobs.transport import BrokerUnavailableError, Delivery, Transport
from domain.jobs.job import JobId, Queue

_log: Final = logging.getLogger(__name__)


class RabbitTransport(Transport):
    """Each queue of jobs is a durable quorum queue; what is published is confirmed.

    Nothing is connected before it is used. Call `close` in the end.
    """

    def __init__(self, address: RabbitAddress) -> None:
        self._address = address
        self._publisher = Publisher(address)

    async def publish(self, queue: Queue, job_ids: Sequence[JobId]) -> None:
        await self._publisher.send(self._address.queue(queue), [write_message(one).encode() for one in job_ids])

    async def deliveries(self, queues: Collection[Queue], *, prefetch: int) -> AsyncGenerator[Delivery]:
        backoff = Backoff()
        while True:
            try:
                async with aclosing(consume(self._address, queues, max(1, prefetch // len(queues)))) as messages:
                    async for delivery in messages:
                        backoff.reset()
                        yield delivery
            except BrokerUnavailableError as error:
                _log.warning("no jobs come from RabbitMQ for now: %s", error)
            await backoff.pause()

    async def strays(self) -> int:
        return await self._publisher.strays()

    async def problem(self) -> str:
        try:
            await self._publisher.strays()
        except BrokerUnavailableError as error:
            return str(error)
        return ""

    async def close(self) -> None:
        await self._publisher.close()
