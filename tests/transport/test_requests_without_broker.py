"""RabbitMQ is away: requests are served, their jobs wait as rows, and go out when it is back."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg
import msgspec
import pytest

from domain.jobs.job import Queue
from entrypoints.worker.consuming import WorkerLimits
from entrypoints.worker.main import make_worker_container, worker_service
from tests.conftest import fresh_database
from tests.providers import Doubles
from tests.transport.brokers import behind_a_proxy, until
from tests.world import World, postgres_world

_SOON: Final = 60
_STATUSES: Final = "select status, count(*) from public.jobs group by status"


@pytest.fixture
def own_url(embedded_url: str) -> Iterator[str]:
    """No other test's jobs are in it."""
    with fresh_database(embedded_url) as url:
        yield url


@asynccontextmanager
async def _working(world: World, broker_url: str, prefix: str) -> AsyncIterator[None]:
    settings = msgspec.structs.replace(world.settings, broker_url=broker_url, broker_prefix=prefix)
    container = make_worker_container(settings, Doubles(world.clock, world.mails, world.dns))
    stop = asyncio.Event()
    service = await worker_service(container, WorkerLimits(queues=tuple(Queue), concurrency=4, grace=10))
    running = asyncio.create_task(service.run(stop))
    try:
        yield
    finally:
        stop.set()
        await running
        await container.close()


@pytest.mark.postgres
@pytest.mark.service("rabbitmq")
async def test_requests_are_served_and_their_jobs_wait(own_url: str) -> None:
    async with behind_a_proxy() as (_, proxy, address), postgres_world(own_url) as world, asyncio.timeout(_SOON):
        await world.admin(await world.site())
        pool = await world.container.get(asyncpg.Pool)

        async def statuses() -> dict[str, int]:
            return {row[0]: row[1] for row in await pool.fetch(_STATUSES)}

        async def all_done() -> bool:
            return (await statuses()).keys() == {"succeeded"}

        async with world.http() as client, _working(world, address.url, address.prefix):

            async def ask() -> int:
                asked = {"email": "admin@example.org"}
                return (await client.post(f"{world.host()}/api/auth/password/reset/", json=asked)).status_code

            assert await ask() == 200
            await until(lambda: _sent(world, 1))
            await proxy.cut()
            assert [await ask() for _ in range(3)] == [200, 200, 200]
            waiting = await statuses()
            assert waiting.get("pending", 0) + waiting.get("queued", 0) == 3
            assert await _sent(world, 1)
            await proxy.restore()
            await until(lambda: _sent(world, 4))
            await until(all_done)


async def _sent(world: World, count: int) -> bool:
    return len(world.mails.sent) == count
