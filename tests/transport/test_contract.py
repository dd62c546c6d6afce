"""What every broker does, whatever it is."""

import asyncio
from collections import Counter
from contextlib import aclosing

import pytest

from domain.jobs.job import JobId, Queue
from tests.transport.brokers import Broker, take, until

_SOON = 20
_NOT = 1.5


async def test_every_published_id_arrives(broker: Broker) -> None:
    ids = await broker.queued(Queue.EMAILS, 60)
    await broker.transport.publish(Queue.EMAILS, ids)
    async with asyncio.timeout(_SOON):
        assert set(await take(broker.another, [Queue.EMAILS], 60)) == set(ids)


async def test_what_is_published_later_wakes_who_waits(broker: Broker) -> None:
    async with aclosing(broker.another.deliveries([Queue.EMAILS, Queue.REPORTS], prefetch=4)) as deliveries:
        for queue in (Queue.REPORTS, Queue.EMAILS):
            waiting = asyncio.ensure_future(anext(deliveries))
            (job_id,) = await broker.queued(queue, 1)
            await broker.transport.publish(queue, [job_id])
            async with asyncio.timeout(_SOON):
                delivery = await waiting
            assert delivery.job_id == job_id
            await delivery.ack()


async def test_two_consumers_share(broker: Broker) -> None:
    ids = await broker.queued(Queue.EMAILS, 40)
    await broker.transport.publish(Queue.EMAILS, ids)
    taken: list[Counter[object]] = [Counter(), Counter()]

    async def work(at: int) -> None:
        transport = (broker.transport, broker.another)[at]
        async with aclosing(transport.deliveries([Queue.EMAILS], prefetch=4)) as deliveries:
            async for delivery in deliveries:
                taken[at][delivery.job_id] += 1
                await delivery.ack()
                await asyncio.sleep(0)
                if sum(map(len, taken)) == len(ids):
                    done.set()

    done = asyncio.Event()
    workers = [asyncio.create_task(work(at)) for at in range(2)]
    try:
        async with asyncio.timeout(_SOON):
            await done.wait()
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.wait(workers)
    assert (taken[0] + taken[1]).keys() == set(ids)
    assert all(taken)
    assert not taken[0].keys() & taken[1].keys()


async def test_what_was_not_acknowledged_goes_to_another(broker: Broker) -> None:
    ids = await broker.queued(Queue.EMAILS, 3)
    await broker.transport.publish(Queue.EMAILS, ids)
    async with asyncio.timeout(_SOON):
        deliveries = broker.transport.deliveries([Queue.EMAILS], prefetch=8)
        acknowledged = await anext(deliveries)
        await acknowledged.ack()
        await anext(deliveries)
        await deliveries.aclose()
        assert set(await take(broker.another, [Queue.EMAILS], 2)) == set(ids) - {acknowledged.job_id}


async def test_what_was_acknowledged_never_comes_again(broker: Broker) -> None:
    ids = await broker.queued(Queue.EMAILS, 5)
    await broker.transport.publish(Queue.EMAILS, ids)
    async with asyncio.timeout(_SOON):
        await take(broker.transport, [Queue.EMAILS], 5)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(_NOT):
            await take(broker.another, [Queue.EMAILS], 1)


async def test_what_is_published_again_comes_again(broker: Broker) -> None:
    ids = await broker.queued(Queue.EMAILS, 2)
    for _ in range(2):
        await broker.transport.publish(Queue.EMAILS, ids)
        async with asyncio.timeout(_SOON):
            assert set(await take(broker.another, [Queue.EMAILS], 2)) == set(ids)


async def test_queues_are_apart(broker: Broker) -> None:
    mails, reports = await broker.queued(Queue.EMAILS, 2), await broker.queued(Queue.REPORTS, 2)
    await broker.transport.publish(Queue.EMAILS, mails)
    await broker.transport.publish(Queue.REPORTS, reports)
    async with asyncio.timeout(_SOON):
        assert set(await take(broker.another, [Queue.REPORTS], 2)) == set(reports)
        assert set(await take(broker.another, [Queue.MAINTENANCE, Queue.EMAILS], 2)) == set(mails)


async def test_no_more_than_was_asked_for_is_in_hand(broker: Broker) -> None:
    ids = await broker.queued(Queue.EMAILS, 12)
    await broker.transport.publish(Queue.EMAILS, ids)
    async with asyncio.timeout(_SOON), aclosing(broker.transport.deliveries([Queue.EMAILS], prefetch=5)) as greedy:
        held = [await anext(greedy) for _ in range(5)]
        sixth = asyncio.ensure_future(anext(greedy))
        rest = await take(broker.another, [Queue.EMAILS], 7)
        assert {*rest, *(one.job_id for one in held)} == set(ids)
        assert not sixth.done()
        sixth.cancel()
        await asyncio.wait([sixth])


async def test_garbage_is_kept_and_stops_nothing(broker: Broker) -> None:
    if broker.garbage is None:
        assert await broker.transport.strays() == 0, "here nobody can send any"
        return
    assert await broker.transport.problem() == ""
    bodies = (b"junk", b"\xff\xfe", b"[]", b'{"v":2,"job":"x"}', b'{"v":1,"job":7}', b"null", b'{"v":1}')
    ids = await broker.queued(Queue.EMAILS, 2)
    await broker.transport.publish(Queue.EMAILS, ids[:1])
    for body in bodies:
        await broker.garbage(Queue.EMAILS, body)
    await broker.transport.publish(Queue.EMAILS, ids[1:])
    seen: set[JobId] = set()
    async with asyncio.timeout(_SOON), aclosing(broker.another.deliveries([Queue.EMAILS], prefetch=2)) as deliveries:
        while seen != set(ids):
            delivery = await anext(deliveries)
            seen.add(delivery.job_id)
            await delivery.ack()
        nothing_more = asyncio.ensure_future(anext(deliveries))
        await until(lambda: _strays(broker, len(bodies)))
        nothing_more.cancel()
        await asyncio.wait([nothing_more])
    assert await broker.transport.strays() == len(bodies)


async def _strays(broker: Broker, count: int) -> bool:
    return await broker.transport.strays() >= count


async def test_a_broker_that_works_has_no_problem(broker: Broker) -> None:
    assert await broker.transport.problem() == ""
