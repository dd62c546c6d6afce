from typing import Any, Final

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractChannel, AbstractQueue

from adapters.brokers.rabbitmq.address import RabbitAddress
from domain.jobs.job import Queue

_QUORUM: Final = {"x-queue-type": "quorum"}
"""Replicated where there are several nodes."""


async def declare_queues(channel: AbstractChannel, address: RabbitAddress) -> dict[Queue, AbstractQueue]:
    """All of them, made if they are not there. What the broker itself gives up on goes to the strays."""
    await channel.declare_queue(address.strays, durable=True, arguments=dict(_QUORUM))
    arguments: dict[str, Any] = _QUORUM | {
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": address.strays,
    }
    return {
        queue: await channel.declare_queue(address.queue(queue), durable=True, arguments=dict(arguments))
        for queue in Queue
    }


async def put(channel: AbstractChannel, name: str, body: bytes, headers: dict[str, Any] | None = None) -> None:
    """Return when the broker has it on its disk; raise if there is no such queue."""
    message = Message(body, headers=headers or {}, delivery_mode=DeliveryMode.PERSISTENT)
    await channel.default_exchange.publish(message, name, mandatory=True)
