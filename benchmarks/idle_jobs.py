"""Jobs that do nothing, or rest a little, and a worker of them: `python idle_jobs.py` is one, by the settings."""

import asyncio
from dataclasses import dataclass
from typing import Final

from dishka import AsyncContainer, Provider, provide
from dishka import Scope as Lifetime

from application.jobs.kinds import JobKind, JobKinds
from application.shared.jobs import Jobs
from application.shared.ports import UnitOfWork
from domain.jobs.job import Queue
from entrypoints.cli.operator import Operator, acting_in
from entrypoints.container import make_container
from entrypoints.environment import load_settings
from entrypoints.jobs import NoJob
from entrypoints.logging import configure_logging
from entrypoints.settings import Settings
from entrypoints.stores.passwords import StrongPasswords
from entrypoints.stores.postgres import Postgres
from entrypoints.stores.storage import S3Storage
from entrypoints.worker.consuming import WorkerLimits
from entrypoints.worker.process import run_worker

BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing, for so long. Safe to repeat."""

    async def __call__(self, *, seconds: float = 0) -> None:
        if seconds:
            await asyncio.sleep(seconds)


class IdleJobs(Provider):
    scope = Lifetime.REQUEST
    idle = provide(Idle)

    @provide(scope=Lifetime.APP, override=True)
    def kinds(self) -> JobKinds:
        return JobKinds([JobKind(use_case=Idle, queue=Queue.TENANT_TASKS)])


def asking(settings: Settings) -> AsyncContainer:
    return make_container(settings, Postgres(), S3Storage(), StrongPasswords(), Operator(), NoJob(), IdleJobs())


async def ask(app: AsyncContainer, site: str, count: int, seconds: float = 0) -> None:
    """So many jobs for one site."""
    for start in range(0, count, BATCH):
        async with acting_in(app, site) as container, await container.get(UnitOfWork):
            jobs = await container.get(Jobs)
            for _ in range(start, min(start + BATCH, count)):
                await jobs.add(Idle, seconds=seconds)


async def _work() -> None:
    settings = load_settings()
    configure_logging(pretty=settings.logs_pretty, level=settings.log_level)
    limits = WorkerLimits(queues=[Queue.TENANT_TASKS], concurrency=settings.worker_concurrency, grace=1)
    await run_worker(settings, limits, IdleJobs())


if __name__ == "__main__":
    asyncio.run(_work())
