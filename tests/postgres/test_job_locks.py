"""Jobs on PostgreSQL while others hold their rows, or take from the same queue."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from adapters.postgres.jobs.taking import TAKE
from application.jobs.ports import DispatchLimits, JobDispatch
from application.shared.jobs import LeaseLostError, Once
from application.shared.ports import UnitOfWork
from domain.jobs.job import Job, JobStatus, Queue
from domain.tenancy.scope import SiteScope
from tests.contracts.jobs.conftest import empty_queues
from tests.contracts.jobs.jobs import LIMITS, MINUTE, a_job, add, leases, read, running, running_in, status, take
from tests.world import PLATFORM, World

pytestmark = pytest.mark.postgres

_MANY = (
    "insert into public.jobs (id, name, queue, site_id, asker, arguments, status, attempts, run_at, deliveries, steps, "
    "progress, created_at, version) select gen_random_uuid(), 'x', 'reports', $1, '{}', '{}', 'pending', 0, "
    "$2, 0, '{}', '{}', $2, 1 from generate_series(1, $3::int)"
)


@pytest.fixture
def world(postgres: World) -> World:
    return postgres


__all__ = ["empty_queues"]


@asynccontextmanager
async def locked(world: World, job: Job) -> AsyncIterator[None]:
    """Somebody else's transaction holds the row for so long."""
    pool = await world.container.get(asyncpg.Pool)
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("select from public.jobs where id = $1 for update", job.id)
        yield


async def dispatch_of(world: World) -> JobDispatch:
    found: JobDispatch = await world.desk.worker.get(JobDispatch)
    return found


async def fill(world: World, site: SiteScope | None, number: int, *, since: datetime) -> None:
    pool = await world.container.get(asyncpg.Pool)
    await pool.execute(_MANY, site.site_id if site else None, since, number)


async def sites_of(world: World, ids: list[Any]) -> Counter[UUID | None]:
    pool = await world.container.get(asyncpg.Pool)
    return Counter(
        one["site_id"] for one in await pool.fetch("select site_id from public.jobs where id = any($1)", ids)
    )


async def test_a_transaction_of_the_job_does_not_keep_its_lease_from_being_extended(world: World) -> None:
    mine = await running(world, await add(world, a_job(world)), lasting=timedelta(seconds=5))
    async with running_in(world, mine) as container, await container.get(UnitOfWork):
        assert await (await container.get(Once))("a step")
        world.clock.advance(seconds=6)
        async with asyncio.timeout(5):
            assert await (await leases(world)).extend([mine.lease], until=world.clock() + MINUTE) == {mine.lease}
            assert await (await dispatch_of(world)).recover(lost, at=world.clock()) == 0
            assert await (await leases(world)).report({mine.lease: mine.job.progress}) == frozenset()
    assert await (await leases(world)).extend([mine.lease], until=world.clock() + MINUTE) == {mine.lease}
    assert await (await dispatch_of(world)).recover(lost, at=world.clock()) == 0
    assert await status(world, mine.job) is JobStatus.RUNNING


def lost(job: Job) -> Job:
    return job.hand_back(at=job.run_at)


async def test_who_waits_for_a_step_of_a_job_that_is_cancelled_meanwhile_does_not_do_it(world: World) -> None:
    mine = await running(world, await add(world, a_job(world)))
    async with running_in(world, mine) as container, await container.get(UnitOfWork):
        once = await container.get(Once)
        pool = await world.container.get(asyncpg.Pool)
        async with pool.acquire() as connection:
            async with connection.transaction():
                await connection.execute("update public.jobs set status = 'cancelled' where id = $1", mine.job.id)
                step = asyncio.create_task(once("a step"))
                await until_somebody_waits(connection)
            with pytest.raises(LeaseLostError):
                await step


async def until_somebody_waits(connection: Any) -> None:
    async with asyncio.timeout(5):
        while not await connection.fetchval(  # noqa: ASYNC110  another session's wait is no event of ours
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
        ):
            await asyncio.sleep(0.01)


async def test_a_locked_job_keeps_nobody_waiting(world: World) -> None:
    first, second = await add(world, a_job(world, late=10)), await add(world, a_job(world))
    async with locked(world, first), asyncio.timeout(5):
        assert await take(world) == [second.id]
    assert await take(world) == [first.id]
    async with locked(world, first), asyncio.timeout(5):
        await (await dispatch_of(world)).give_back([first.id, second.id])
    assert (await status(world, first), await status(world, second)) == (JobStatus.QUEUED, JobStatus.PENDING)


async def test_many_dispatchers_at_once_take_no_more_than_one(world: World) -> None:
    sites = [await world.site(f"s{number}") for number in range(4)]
    for site in (*sites, None):
        await fill(world, site, 100, since=world.clock())
    dispatch, limits = await dispatch_of(world), DispatchLimits(window=23, per_site=5)
    taken: list[Any] = []
    for _ in range(5):
        for one in await asyncio.gather(*(dispatch.take(Queue.REPORTS, limits, at=world.clock()) for _ in range(8))):
            taken += one.job_ids
    assert len(taken) == len(set(taken)) == 23
    assert set((await sites_of(world, taken)).values()) == {4, 5}


async def test_ten_thousand_jobs_of_one_site_do_not_delay_the_first_one_of_another(world: World) -> None:
    greedy, modest = await world.site("greedy"), await world.site("modest")
    await fill(world, greedy, 10_000, since=world.clock() - MINUTE)
    first = await take(world)
    assert set(await sites_of(world, list(first))) == {greedy.site_id}
    job = await add(world, a_job(world), modest)
    assert (await take(world))[0] == job.id
    assert LIMITS.per_site < LIMITS.window


async def test_a_look_reads_few_of_the_jobs_that_wait(world: World) -> None:
    await fill(world, await world.site(), 10_000, since=world.clock())
    await fill(world, None, 1, since=world.clock())
    values = {"queue": "reports", "at": world.clock(), "window": 100, "per_site": 10, "patience": 30.0, "longest": 60.0}
    pool = await world.container.get(asyncpg.Pool)
    plan = await pool.fetchval(f"explain (analyze, format json) {TAKE.within(PLATFORM)}", *TAKE.args(values))
    read_rows = [node["Actual Rows"] * node["Actual Loops"] for node in scans(json.loads(plan)[0]["Plan"])]
    assert max(read_rows) <= 11
    assert len(read_rows) >= 4


def scans(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The parts of a plan that read the table of jobs."""
    if plan.get("Relation Name") == "jobs" and "Scan" in plan["Node Type"]:
        yield plan
    for part in plan.get("Plans", ()):
        yield from scans(part)


async def test_a_cancellation_wins_over_the_end(world: World) -> None:
    mine = await running(world, await add(world, a_job(world)))
    pool = await world.container.get(asyncpg.Pool)
    async with pool.acquire() as connection:
        async with connection.transaction():
            await connection.execute(
                "update public.jobs set status = 'cancelled', lease = null where id = $1", mine.job.id
            )
            port = await leases(world)
            end = asyncio.create_task(port.finish(mine.job.succeed(None, at=world.clock()), mine.lease))
            await until_somebody_waits(connection)
        assert not await end
    assert (await read(world, mine.job)).status is JobStatus.CANCELLED
