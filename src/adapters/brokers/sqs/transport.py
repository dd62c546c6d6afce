import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Final

from adapters.brokers.message import write_message
from adapters.brokers.sqs.address import SqsAddress
from adapters.brokers.sqs.consumer import SqsConsumer
from adapters.brokers.sqs.queues import SqsQueues, open_queues
from application.jobs.transport import BrokerUnavailableError, Delivery, Transport
from domain.jobs.job import JobId, Queue

_BATCH: Final = 10
"""More does not go into one request."""
_REQUESTS: Final = 8


class SqsTransport(Transport):
    """Standard queues: any throughput, in any order, at least once."""

    def __init__(self, queues: SqsQueues) -> None:
        self._queues = queues
        self._address = queues.address
        self._requests = asyncio.Semaphore(_REQUESTS)

    async def publish(self, queue: Queue, job_ids: Sequence[JobId]) -> None:
        batches = [job_ids[start : start + _BATCH] for start in range(0, len(job_ids), _BATCH)]
        sent = await asyncio.gather(*(self._send(queue, one) for one in batches), return_exceptions=True)
        for failure in (one for one in sent if one is not None):
            raise failure

    async def deliveries(self, queues: Collection[Queue], *, prefetch: int) -> AsyncGenerator[Delivery]:
        consumer = SqsConsumer(self._queues, max(1, prefetch // len(queues)))
        async with aclosing(consumer.deliveries([self._address.queue(one) for one in queues])) as messages:
            async for delivery in messages:
                yield delivery

    async def strays(self) -> int:
        wanted = "ApproximateNumberOfMessages"
        found = await self._queues.ask("get_queue_attributes", self._address.strays, AttributeNames=[wanted])
        return int(found["Attributes"][wanted])

    async def problem(self) -> str:
        try:
            await self.strays()
        except BrokerUnavailableError as error:
            return str(error)
        return ""

    async def _send(self, queue: Queue, job_ids: Sequence[JobId]) -> None:
        entries = [{"Id": str(at), "MessageBody": write_message(one)} for at, one in enumerate(job_ids)]
        async with self._requests:
            answer = await self._queues.ask("send_message_batch", self._address.queue(queue), Entries=entries)
        for refused in answer.get("Failed", ()):
            raise BrokerUnavailableError(f"a message was refused: {refused['Code']}")


@asynccontextmanager
async def open_sqs(address: SqsAddress) -> AsyncIterator[SqsTransport]:
    async with open_queues(address) as queues:
        yield SqsTransport(queues)
