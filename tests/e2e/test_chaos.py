"""Jobs while workers and dispatchers are killed at random and the broker goes away: each does its work exactly once."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest

from adapters.brokers.rabbitmq.address import RabbitAddress
from domain.tenancy.scope import SiteScope
from tests.conftest import fresh_database
from tests.e2e.chaos import Workers, workers
from tests.e2e.strikes import TABLE, ask, producing
from tests.services import RABBITMQ, require_service
from tests.transport.brokers import remove_rabbit_queues
from tests.transport.proxy import CutProxy, cut_proxy
from tests.world import World, postgres_world

_OVERALL: Final = 600
_WORKERS: Final = 3
_ROUNDS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What befalls how many jobs; `proxy` is before the broker, where there is one that can be cut."""

    sites: int
    jobs: int
    kills: int
    proxy: CutProxy | None = None
    cuts: int = 0


@pytest.fixture
def chaos_url(embedded_url: str) -> Iterator[str]:
    """A database of its own: it gets tables that no other test knows."""
    with fresh_database(embedded_url) as url:
        yield url


@pytest.fixture
def chance() -> random.Random:
    seed = int(os.environ.get("TARUVI_TEST_SEED", random.randrange(10**6)))  # noqa: S311  not for secrets
    print(f"seed of the chaos: TARUVI_TEST_SEED={seed}")  # noqa: T201  shown where a test fails
    return random.Random(seed)  # noqa: S311  not for secrets


@pytest.mark.e2e
@pytest.mark.postgres
@pytest.mark.service("rabbitmq")
async def test_on_rabbitmq_every_job_has_its_effect_exactly_once(
    chaos_url: str, tmp_path: Path, chance: random.Random
) -> None:
    require_service("rabbitmq")
    async with cut_proxy(urlsplit(RABBITMQ).port or 5672) as proxy:
        netloc = f"{urlsplit(RABBITMQ).netloc.rpartition('@')[0]}@127.0.0.1:{proxy.port}"
        prefix = f"taruvi-chaos-{uuid4().hex[:8]}"
        broker = {
            "TARUVI_BROKER_URL": urlsplit(RABBITMQ)._replace(netloc=netloc).geturl(),
            "TARUVI_BROKER_PREFIX": prefix,
        }
        try:
            scale = Scale(sites=20, jobs=2000, kills=10, proxy=proxy, cuts=2)
            await _chaos(chaos_url, broker, tmp_path, chance, scale)
        finally:
            await remove_rabbit_queues(RabbitAddress(url=RABBITMQ, prefix=prefix))


@pytest.mark.e2e
@pytest.mark.postgres
async def test_on_postgresql_every_job_has_its_effect_exactly_once(
    chaos_url: str, tmp_path: Path, chance: random.Random
) -> None:
    await _chaos(chaos_url, {}, tmp_path, chance, Scale(sites=5, jobs=500, kills=5))


async def _chaos(url: str, broker: dict[str, str], place: Path, chance: random.Random, scale: Scale) -> None:
    environment = broker | {
        "TARUVI_DATABASE_URL": url,
        "TARUVI_DATABASE_POOL_SIZE": "4",
        "TARUVI_HOME": str(place),
        "TARUVI_JOB_LEASE_SECONDS": "3",
        "TARUVI_WORKER_CONCURRENCY": "5",
        "TARUVI_LOG_FORMAT": "json",
    }
    async with postgres_world(url) as world, _struck_sites(world, scale.sites) as sites:
        with workers(place, environment, _WORKERS) as crew:
            try:
                async with asyncio.timeout(_OVERALL):
                    await _befall(world, sites, crew, chance, scale)
                    await _all_succeeded(url, scale.jobs)
            except TimeoutError:
                pytest.fail(f"{await _statuses(url)}\n{crew.said()}")
            assert crew.kills == scale.kills
            assert crew.stop() == [0] * _WORKERS, crew.said()
    await _each_exactly_once(url, sites, scale)


@asynccontextmanager
async def _struck_sites(world: World, count: int) -> AsyncIterator[list[SiteScope]]:
    sites = [await world.site(f"chaos-{number}") for number in range(count)]
    pool = await world.container.get(asyncpg.Pool)
    for site in sites:
        await pool.execute(TABLE.format(schema=f'"{site.schema.name}"'))
    yield sites


async def _befall(world: World, sites: list[SiteScope], crew: Workers, chance: random.Random, scale: Scale) -> None:
    """Workers are killed and the broker is cut while jobs are asked for and run."""
    async with asyncio.TaskGroup() as group:
        if scale.proxy is not None:
            group.create_task(_cut(scale.proxy, chance, scale.cuts))
        group.create_task(_ask_and_kill(world, sites, crew, chance, scale))


async def _ask_and_kill(
    world: World, sites: list[SiteScope], crew: Workers, chance: random.Random, scale: Scale
) -> None:
    """In rounds, so that there is work until the end."""
    producer = producing(world.settings)
    each = scale.jobs // scale.sites
    for round_ in range(_ROUNDS):
        for site in chance.sample(sites, len(sites)):
            await ask(producer, site, range(round_ * each // _ROUNDS, (round_ + 1) * each // _ROUNDS))
        for _ in range(scale.kills // _ROUNDS):
            await asyncio.sleep(chance.uniform(0.5, 3))
            await crew.kill_one(chance)
    await producer.close()


async def _cut(proxy: CutProxy, chance: random.Random, cuts: int) -> None:
    for _ in range(cuts):
        await asyncio.sleep(chance.uniform(4, 8))
        await proxy.cut()
        await asyncio.sleep(chance.uniform(1, 4))
        await proxy.restore()


async def _all_succeeded(url: str, jobs: int) -> None:
    while await _statuses(url) != {"succeeded": jobs}:  # noqa: ASYNC110  other processes' work
        await asyncio.sleep(0.5)


async def _statuses(url: str) -> dict[str, int]:
    found = await _rows(url, "select status, count(*) from public.jobs group by status")
    return {row[0]: row[1] for row in found}


async def _each_exactly_once(url: str, sites: list[SiteScope], scale: Scale) -> None:
    each = scale.jobs // scale.sites
    wanted = [(number, 1) for number in range(each)]
    struck: set[int] = set()
    for site in sites:
        struck |= {row[0] for row in await _rows(url, f'select distinct worker from "{site.schema.name}".strikes')}
        select = f'select number, count(*) from "{site.schema.name}".strikes group by number order by number'
        assert [tuple(row) for row in await _rows(url, select)] == wanted, site.slug
    assert len(struck) > _WORKERS, "those that were killed had done nothing"
    assert await _statuses(url) == {"succeeded": scale.jobs}
    attempts = await _rows(url, "select count(*) filter (where attempts > 1), max(attempts) from public.jobs")
    print(f"of {scale.jobs} jobs were begun more than once, and at most how often: {tuple(attempts[0])}")  # noqa: T201  the same
    assert attempts[0][0], "nothing was begun twice: there was no chaos"


async def _rows(url: str, query: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        rows: list[asyncpg.Record] = await connection.fetch(query)
        return rows
    finally:
        await connection.close()
