import asyncio
import logging
from collections.abc import AsyncGenerator, Collection
from contextlib import suppress
from typing import Any, Final

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from adapters.brokers.message import UnreadableMessageError, read_message
from adapters.brokers.rabbitmq.address import RabbitAddress
from adapters.brokers.rabbitmq.queues import declare_queues, put
from adapters.brokers.rabbitmq.reach import ANSWER_SECONDS, open_channel, within
from application.jobs.transport import BrokerUnavailableError, Delivery
from domain.jobs.job import JobId, Queue

_log: Final = logging.getLogger(__name__)


class RabbitDelivery(Delivery):
    def __init__(self, job_id: JobId, message: AbstractIncomingMessage) -> None:
        self._job_id = job_id
        self._message = message

    @property
    def job_id(self) -> JobId:
        return self._job_id

    async def ack(self) -> None:
        with suppress(BrokerUnavailableError):
            await within(ANSWER_SECONDS, self._message.ack())


async def consume(address: RabbitAddress, queues: Collection[Queue], each: int) -> AsyncGenerator[Delivery]:
    """On a connection of its own, at most `each` of a queue. Raise `BrokerUnavailableError` when it is lost."""
    async with open_channel(address.url, "taruvi worker") as channel:
        incoming = await within(ANSWER_SECONDS, _subscribe(channel, address, queues, each))
        while (message := await incoming.get()) is not None:
            try:
                job_id = read_message(message.body)
            except UnreadableMessageError as error:
                await within(ANSWER_SECONDS, _keep(channel, address, message))
                _log.error("a message in %s is kept in %s: %s", message.routing_key, address.strays, error)
                continue
            yield RabbitDelivery(job_id, message)
    raise BrokerUnavailableError("the connection was lost")


async def _subscribe(
    channel: AbstractChannel, address: RabbitAddress, queues: Collection[Queue], each: int
) -> asyncio.Queue[AbstractIncomingMessage | None]:
    """None comes last, when nothing more can come."""
    incoming: asyncio.Queue[AbstractIncomingMessage | None] = asyncio.Queue()

    def lost(*_: Any) -> None:
        incoming.put_nowait(None)

    async def arrived(message: AbstractIncomingMessage) -> None:
        incoming.put_nowait(message)

    channel.close_callbacks.add(lost)
    (await channel.get_underlay_channel()).on_consumer_cancel_callbacks.add(lost)
    await channel.set_qos(prefetch_count=each)
    declared = await declare_queues(channel, address)
    for queue in queues:
        await declared[queue].consume(arrived)
    return incoming


async def _keep(channel: AbstractChannel, address: RabbitAddress, message: AbstractIncomingMessage) -> None:
    """Among the strays, confirmed, before it is taken from where it was."""
    await put(channel, address.strays, message.body, {**message.headers, "taruvi-queue": message.routing_key})
    await message.ack()
