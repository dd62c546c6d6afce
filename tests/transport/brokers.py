"""Each broker as the contract tests see it: fresh, with queues of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

import aio_pika
import asyncpg

from adapters.brokers.rabbitmq.address import RabbitAddress
from adapters.brokers.rabbitmq.transport import RabbitTransport
from adapters.brokers.sqs.address import read_sqs_address
from adapters.brokers.sqs.queues import SqsQueues, open_queues
from adapters.brokers.sqs.transport import SqsTransport
from adapters.memory.transport import MemoryTransport
from adapters.postgres.jobs.transport import PostgresTransport
from adapters.postgres.pool import open_pool
from application.jobs.transport import Transport
from domain.jobs.job import JobId, Queue
from tests.services import RABBITMQ, require_service
from tests.transport.proxy import CutProxy, cut_proxy

_INSERT: Final = (
    "insert into public.jobs (id, name, queue, asker, arguments, status, attempts, run_at, lease_until, deliveries,"
    " steps, progress, created_at, version)"
    " select key, 'a_test', $2, '{}', '{}', 'queued', 0, $3, $3, 1, '{}', '{}', $3, 1 from unnest($1::uuid[]) key"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """`another` is the transport of another process; `queued` makes jobs that may be published; `garbage` sends
    what is no message of ours, where anybody could.
    """

    transport: Transport
    another: Transport
    queued: Callable[[Queue, int], Awaitable[list[JobId]]]
    garbage: Callable[[Queue, bytes], Awaitable[None]] | None = None


async def _any_ids(_: Queue, count: int) -> list[JobId]:
    return [JobId(uuid4()) for _ in range(count)]


@asynccontextmanager
async def memory_broker() -> AsyncIterator[Broker]:
    transport = MemoryTransport()
    yield Broker(transport=transport, another=transport, queued=_any_ids)


@asynccontextmanager
async def postgres_broker(url: str) -> AsyncIterator[Broker]:
    pool = await open_pool(url, size=6, statements=50, name="taruvi tests")

    async def queued(queue: Queue, count: int) -> list[JobId]:
        ids = await _any_ids(queue, count)
        await pool.execute(_INSERT, ids, queue.value, datetime.now(UTC) + timedelta(seconds=30))
        return ids

    await _forget(pool)
    yield Broker(transport=PostgresTransport(pool, url), another=PostgresTransport(pool, url), queued=queued)
    await _forget(pool)
    await pool.close()


async def _forget(pool: asyncpg.Pool) -> None:
    """Other tests on this database have left jobs that were sent out and never run."""
    await pool.execute("delete from public.jobs")


@asynccontextmanager
async def rabbit_broker(url: str = RABBITMQ) -> AsyncIterator[Broker]:
    address = RabbitAddress(url=url, prefix=f"taruvi-test-{uuid4().hex[:10]}")
    transport, another = RabbitTransport(address), RabbitTransport(address)

    async def garbage(queue: Queue, body: bytes) -> None:
        async with await aio_pika.connect(RABBITMQ) as connection, connection.channel() as channel:
            message = aio_pika.Message(body, headers={"of": "somebody"})
            await channel.default_exchange.publish(message, address.queue(queue))

    try:
        yield Broker(transport=transport, another=another, queued=_any_ids, garbage=garbage)
    finally:
        await transport.close()
        await another.close()
        await remove_rabbit_queues(address)


@asynccontextmanager
async def behind_a_proxy() -> AsyncIterator[tuple[RabbitTransport, CutProxy, RabbitAddress]]:
    """RabbitMQ, as it is reached through a proxy that can be cut."""
    require_service("rabbitmq")
    async with cut_proxy(urlsplit(RABBITMQ).port or 5672) as proxy:
        parts = urlsplit(RABBITMQ)
        netloc = f"{parts.netloc.rpartition('@')[0]}@127.0.0.1:{proxy.port}"
        address = RabbitAddress(url=parts._replace(netloc=netloc).geturl(), prefix=f"taruvi-test-{uuid4().hex[:10]}")
        transport = RabbitTransport(address)
        try:
            yield transport, proxy, address
        finally:
            await transport.close()
            await remove_rabbit_queues(RabbitAddress(url=RABBITMQ, prefix=address.prefix))


async def remove_rabbit_queues(address: RabbitAddress) -> None:
    async with await aio_pika.connect(RABBITMQ) as connection, connection.channel() as channel:
        for name in (*map(address.queue, Queue), address.strays):
            await channel.queue_delete(name)


@asynccontextmanager
async def sqs_broker(endpoint: str) -> AsyncIterator[Broker]:
    url = f"sqs://a-key:a-secret@eu-central-1?endpoint={endpoint}"
    prefix = f"taruvi-test-{uuid4().hex[:10]}"
    address = read_sqs_address(url, prefix=prefix, visibility_seconds=20, wait_seconds=1)
    async with open_queues(address) as queues:

        async def garbage(queue: Queue, body: bytes) -> None:
            await queues.ask("send_message", address.queue(queue), MessageBody=body.decode("latin-1"))

        yield Broker(transport=SqsTransport(queues), another=SqsTransport(queues), queued=_any_ids, garbage=garbage)
        await _remove_sqs_queues(queues)


async def _remove_sqs_queues(queues: SqsQueues) -> None:
    for name in (*map(queues.address.queue, Queue), queues.address.strays):
        await queues.ask("delete_queue", name)


async def take(transport: Transport, queues: Sequence[Queue], count: int) -> list[JobId]:
    """The first of what comes, acknowledged."""
    ids: list[JobId] = []
    deliveries = transport.deliveries(queues, prefetch=8)
    async for delivery in deliveries:
        await delivery.ack()
        ids.append(delivery.job_id)
        if len(ids) == count:
            break
    await deliveries.aclose()
    return ids


async def until(fact: Callable[[], Awaitable[bool]]) -> None:
    """What a broker tells only to who asks."""
    while not await fact():  # noqa: ASYNC110  there is no event
        await asyncio.sleep(0.05)
