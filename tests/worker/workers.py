"""Whole workers in this process."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
import msgspec
from dishka import AsyncContainer, Provider, provide
from dishka import Scope as Lifetime

from application.jobs.transport import Transport
from domain.jobs.job import Job, JobStatus, Queue
from entrypoints.worker.consuming import WorkerLimits
from entrypoints.worker.main import make_worker_container, worker_service
from tests.contracts.jobs.jobs import read
from tests.worker.play import Plays, Stage
from tests.world import World

LEASE: Final = 0.6
_SECONDS: Final = 20


class Carried(Provider):
    """By this transport, instead of the rows themselves."""

    def __init__(self, transport: Transport) -> None:
        super().__init__()
        self._transport = transport

    @provide(scope=Lifetime.APP, override=True)
    def transport(self) -> Transport:
        return self._transport


@dataclass(frozen=True, slots=True)
class RunningWorker:
    container: AsyncContainer
    stop: asyncio.Event
    task: "asyncio.Task[None]"

    async def end(self) -> None:
        self.stop.set()
        await self.task


@asynccontextmanager
async def working(
    world: World,
    stage: Stage,
    *providers: Provider,
    concurrency: int = 4,
    grace: float = 10,
    dispatches: bool = True,
    **settings: Any,
) -> AsyncIterator[RunningWorker]:
    """`settings` are changes; leases are short, so that what is lost is found soon."""
    changed = msgspec.structs.replace(world.settings, **({"job_lease_seconds": LEASE} | settings))
    container = make_worker_container(changed, *(providers or (Plays(stage),)))
    limits = WorkerLimits(queues=tuple(Queue), concurrency=concurrency, grace=grace)
    service = await worker_service(container, limits, dispatches=dispatches)
    stop = asyncio.Event()
    task = asyncio.create_task(service.run(stop))
    try:
        yield RunningWorker(container, stop, task)
    finally:
        stop.set()
        stage.go.set()
        done, _ = await asyncio.wait({task}, timeout=_SECONDS)
        await container.close()
        assert done, "the worker does not stop"
        if not task.cancelled():
            task.result()


async def becomes(world: World, job: Job, status: JobStatus, so: Callable[[Job], bool] = lambda _: True) -> Job:
    """Wait until its row says so: what another transaction commits is no event of ours."""
    async with asyncio.timeout(_SECONDS):
        while (found := await read(world, job)).status is not status or not so(found):  # noqa: ASYNC110  as said
            await asyncio.sleep(0.02)
    return found


async def told(stage_queue: "asyncio.Queue[str]") -> str:
    async with asyncio.timeout(_SECONDS):
        return await stage_queue.get()


async def sql(world: World, statement: str, *values: object) -> list[asyncpg.Record]:
    pool = await world.container.get(asyncpg.Pool)
    records: list[asyncpg.Record] = await pool.fetch(statement, *values)
    return records
