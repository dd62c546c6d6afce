"""RabbitMQ behind a network that fails: an error within seconds instead of a hang, and all is well when it is back."""

import asyncio
import time
from contextlib import aclosing
from typing import Final
from uuid import uuid4

import aio_pika
import pytest

from adapters.brokers.rabbitmq.transport import RabbitTransport
from application.jobs.transport import BrokerUnavailableError, Delivery
from domain.jobs.job import JobId, Queue
from tests.services import RABBITMQ
from tests.transport.brokers import behind_a_proxy, take, until

pytestmark = pytest.mark.service("rabbitmq")

_BOUND: Final = 10
_SOON: Final = 30


def _some(count: int) -> list[JobId]:
    return [JobId(uuid4()) for _ in range(count)]


async def _refused(transport: RabbitTransport, ids: list[JobId]) -> None:
    began = time.monotonic()
    with pytest.raises(BrokerUnavailableError) as refused:
        await transport.publish(Queue.EMAILS, ids)
    assert time.monotonic() - began < _BOUND
    assert "guest" not in str(refused.value)


async def _published(transport: RabbitTransport, ids: list[JobId]) -> None:
    """As a dispatcher does: again and again until it is taken."""

    async def tried() -> bool:
        try:
            await transport.publish(Queue.EMAILS, ids)
        except BrokerUnavailableError:
            return False
        return True

    async with asyncio.timeout(_SOON):
        await until(tried)


async def test_refuses_while_nobody_answers_and_works_again() -> None:
    async with behind_a_proxy() as (transport, proxy, _):
        await proxy.cut()
        await _refused(transport, _some(1))
        assert await transport.problem()
        await proxy.restore()
        await _published(transport, _some(1))
        assert await transport.problem() == ""


async def test_refuses_after_a_cut_while_idle_and_works_again() -> None:
    async with behind_a_proxy() as (transport, proxy, _):
        await transport.publish(Queue.EMAILS, _some(1))
        await proxy.cut()
        await _refused(transport, _some(1))
        await proxy.restore()
        await _published(transport, _some(1))


async def test_refuses_where_the_network_swallows_everything() -> None:
    """When connecting, and on a connection that is there."""
    async with behind_a_proxy() as (transport, proxy, _):
        proxy.swallow()
        await _refused(transport, _some(1))
        await proxy.restore()
        await _published(transport, _some(1))
        proxy.swallow()
        await _refused(transport, _some(1))
        began = time.monotonic()
        assert await transport.problem()
        assert time.monotonic() - began < _BOUND
        await proxy.restore()
        await _published(transport, _some(1))


@pytest.mark.parametrize("after", [1, 2_000, 20_000, 60_000])
async def test_a_cut_during_publishing_is_told_and_all_arrive_when_it_is_done_again(after: int) -> None:
    async with behind_a_proxy() as (transport, proxy, _):
        ids = _some(1000)
        await transport.publish(Queue.EMAILS, ids[:1])
        proxy.cut_after(after)
        await _refused(transport, ids)
        await proxy.restore()
        await _published(transport, ids)
        async with asyncio.timeout(_SOON):
            seen: set[JobId] = set()
            async with aclosing(transport.deliveries([Queue.EMAILS], prefetch=100)) as deliveries:
                while seen != set(ids):
                    seen.add(await _acknowledged(await anext(deliveries)))


async def test_a_consumer_comes_back_after_cuts_and_nothing_is_lost() -> None:
    """Cut while it waits, and while it has unacknowledged messages in hand, which come again."""
    async with behind_a_proxy() as (transport, proxy, _), asyncio.timeout(_SOON):
        ids = _some(30)
        async with aclosing(transport.deliveries([Queue.EMAILS], prefetch=5)) as deliveries:
            waiting = asyncio.ensure_future(anext(deliveries))
            await _published(transport, ids[:1])
            await waiting
            await proxy.cut()
            waiting = asyncio.ensure_future(anext(deliveries))
            await proxy.restore()
            await _published(transport, ids[1:])
            held = await waiting
            proxy.break_off()
            await held.ack()
            seen: set[JobId] = set()
            while seen != set(ids):
                seen.add(await _acknowledged(await anext(deliveries)))


async def test_a_consumer_that_starts_before_the_broker_waits_for_it() -> None:
    async with behind_a_proxy() as (transport, proxy, _), asyncio.timeout(_SOON):
        await proxy.cut()
        async with aclosing(transport.deliveries([Queue.EMAILS], prefetch=5)) as deliveries:
            waiting = asyncio.ensure_future(anext(deliveries))
            await _refused(transport, _some(1))
            await proxy.restore()
            ids = _some(1)
            await _published(transport, ids)
            assert (await waiting).job_id == ids[0]


async def test_a_consumer_that_left_while_nobody_answered_holds_nothing() -> None:
    async with behind_a_proxy() as (transport, proxy, _), asyncio.timeout(_SOON):
        deliveries = transport.deliveries([Queue.EMAILS], prefetch=10)
        await transport.publish(Queue.EMAILS, _some(1))
        await _acknowledged(await anext(deliveries))
        proxy.swallow()
        await deliveries.aclose()
        await proxy.restore()
        ids = _some(10)
        await _published(transport, ids)
        assert set(await take(transport, [Queue.EMAILS], 10)) == set(ids)


async def test_a_queue_that_somebody_deletes_is_made_again() -> None:
    async with behind_a_proxy() as (transport, _, address), asyncio.timeout(_SOON):
        ids = _some(2)
        async with aclosing(transport.deliveries([Queue.EMAILS], prefetch=5)) as deliveries:
            await transport.publish(Queue.EMAILS, ids[:1])
            await _acknowledged(await anext(deliveries))
            waiting = asyncio.ensure_future(anext(deliveries))
            async with await aio_pika.connect(RABBITMQ) as connection, connection.channel() as channel:
                await channel.queue_delete(address.queue(Queue.EMAILS))
            await _published(transport, ids[1:])
            assert (await waiting).job_id == ids[1]


async def test_a_message_without_a_queue_is_no_success() -> None:
    """Nobody may believe that it was published."""
    async with behind_a_proxy() as (transport, _, address):
        await transport.publish(Queue.EMAILS, _some(1))
        async with await aio_pika.connect(RABBITMQ) as connection, connection.channel() as channel:
            await channel.queue_delete(address.queue(Queue.EMAILS))
        await _refused(transport, _some(1))
        await transport.publish(Queue.EMAILS, _some(1))


async def test_garbage_keeps_its_headers_and_says_where_it_was() -> None:
    async with behind_a_proxy() as (transport, _, address), asyncio.timeout(_SOON):
        assert await transport.problem() == ""
        async with await aio_pika.connect(RABBITMQ) as connection, connection.channel() as channel:
            message = aio_pika.Message(b"junk", headers={"of": "somebody"}, expiration=60)
            await channel.default_exchange.publish(message, address.queue(Queue.REPORTS))
            async with aclosing(transport.deliveries([Queue.REPORTS], prefetch=1)) as deliveries:
                waiting = asyncio.ensure_future(anext(deliveries))
                strays = await channel.get_queue(address.strays)
                kept: list[aio_pika.abc.AbstractIncomingMessage] = []

                async def look() -> bool:
                    found = await strays.get(no_ack=True, fail=False)
                    kept.extend([found] if found else [])
                    return bool(kept)

                await until(look)
                waiting.cancel()
                await asyncio.wait([waiting])
    assert kept[0].body == b"junk"
    assert kept[0].headers["of"] == "somebody"
    assert kept[0].headers["taruvi-queue"] == address.queue(Queue.REPORTS)
    assert kept[0].expiration is None


async def _acknowledged(delivery: Delivery) -> JobId:
    await delivery.ack()
    return delivery.job_id
