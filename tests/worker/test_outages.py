"""Broker and database go away and come back: the worker goes on, and so do the jobs."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg
import pytest
import structlog

from adapters.memory.transport import MemoryTransport
from application.jobs.transport import BrokerUnavailableError
from domain.jobs.job import JobId, JobStatus, Queue
from tests.contracts.jobs.jobs import a_job, add
from tests.worker.play import Plays, Stage
from tests.worker.workers import Carried, becomes, sql, told, working
from tests.world import World

pytestmark = [pytest.mark.postgres, pytest.mark.storage]


class UnsteadyTransport(MemoryTransport):
    """Tells what it refuses while it is down."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: asyncio.Queue[str] = asyncio.Queue()

    async def publish(self, queue: Queue, job_ids: Sequence[JobId]) -> None:
        try:
            await super().publish(queue, job_ids)
        except BrokerUnavailableError:
            self.refused.put_nowait(queue)
            raise


@asynccontextmanager
async def closed(world: World) -> AsyncIterator[None]:
    """The database lets nobody in, and has ended what was there."""
    parts = urlsplit(world.settings.database_url)
    name = parts.path.strip("/")
    server = await asyncpg.connect(parts._replace(path="/postgres").geturl())
    try:
        await server.execute(f"alter database {name} allow_connections false")
        await server.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
        yield
    finally:
        await server.execute(f"alter database {name} allow_connections true")
        await server.close()


async def test_while_the_broker_is_away_jobs_wait_as_rows(world: World, stage: Stage) -> None:
    transport = UnsteadyTransport()
    transport.is_down = True
    with structlog.testing.capture_logs() as logs:
        async with working(world, stage, Plays(stage), Carried(transport)):
            job = await add(world, a_job(world, name="play"))
            for _ in range(3):
                await told(transport.refused)
            await becomes(world, job, JobStatus.PENDING)
            transport.is_down = False
            await becomes(world, job, JobStatus.SUCCEEDED)
    assert len([line for line in logs if "cannot be sent out: waiting" in line["event"]]) == 1
    assert len([line for line in logs if "cannot be sent out: going on" in line["event"]]) == 1


async def test_the_database_goes_away_in_the_middle_of_a_job(world: World, stage: Stage) -> None:
    """Longer than a lease: nobody else could take it meanwhile."""
    with structlog.testing.capture_logs() as logs:
        async with working(world, stage):
            job = await add(world, a_job(world, name="wait", arguments={"text": "first"}))
            await told(stage.started)
            async with closed(world):
                stage.go.set()
                async with asyncio.timeout(20):
                    while not any("ends of jobs" in line["event"] for line in logs):  # noqa: ASYNC110  no event
                        await asyncio.sleep(0.02)
            assert (await becomes(world, job, JobStatus.SUCCEEDED)).attempts == 1
            after = await add(world, a_job(world, name="play", arguments={"text": "second"}))
            await becomes(world, after, JobStatus.SUCCEEDED)
    assert stage.done == ["first", "second"]


async def test_whoever_dispatches_hears_again_after_its_connection_was_lost(world: World, stage: Stage) -> None:
    async with working(world, stage):
        await becomes(world, await add(world, a_job(world, name="play")), JobStatus.SUCCEEDED)
        killed = await sql(
            world,
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where application_name in ('taruvi_jobs', 'taruvi_queued', 'taruvi jobs') "
            "and datname = current_database()",
        )
        assert len(killed) >= 3
        await becomes(world, await add(world, a_job(world, name="play")), JobStatus.SUCCEEDED)
