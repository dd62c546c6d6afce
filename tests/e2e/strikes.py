"""A job whose effect can be counted, and the processes that run it: `python -m tests.e2e.strikes` is a worker."""

import asyncio
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from dishka import AsyncContainer, Provider, provide
from dishka import Scope as Lifetime
from sqlalchemy import Column, Integer, MetaData, Table, bindparam, insert

from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tables import TENANT
from application.jobs.kinds import JobKind, JobKinds
from application.jobs.ports import DispatchLimits, JobDispatch, JobWakes
from application.jobs.transport import Transport
from application.shared.jobs import Jobs, NotNowError, Once
from application.shared.ports import Clock, UnitOfWork
from domain.jobs.job import Queue, Retries
from domain.shared.caller import Caller
from domain.tenancy.scope import Scope
from entrypoints.container import make_container
from entrypoints.environment import load_settings
from entrypoints.jobs import NoJob
from entrypoints.logging import configure_logging
from entrypoints.settings import Settings
from entrypoints.stores.passwords import PlainPasswords
from entrypoints.stores.postgres import Postgres
from entrypoints.stores.storage import S3Storage
from entrypoints.worker.consuming import WorkerLimits
from entrypoints.worker.dispatching import Dispatcher, QueueDispatcher
from entrypoints.worker.process import run_worker
from entrypoints.worker.recovering import Recovery
from tests.providers import Tester
from tests.world import OPERATOR

TABLE: Final = "create table {schema}.strikes (number integer not null, worker integer not null)"
"""Nothing in it keeps a second row of the same number out."""
_STRIKES: Final = Table("strikes", MetaData(), Column("number", Integer), Column("worker", Integer), schema=TENANT)
_INSERT: Final = Sql(insert(_STRIKES).values(number=bindparam("number"), worker=bindparam("worker")))
_SECONDS: Final = (0.02, 0.3)
_UNLUCKY: Final = 20
"""One in so many attempts fails after its effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """Write one row into the site's schema. Safe to repeat."""

    work: UnitOfWork
    once: Once
    session: ScopedSession

    async def __call__(self, *, number: int) -> None:
        await asyncio.sleep(random.uniform(*_SECONDS) / 2)  # noqa: S311  not for secrets
        async with self.work:
            if await self.once("strike"):
                await self.session.execute(_INSERT, number=number, worker=os.getpid())
        await asyncio.sleep(random.uniform(*_SECONDS) / 2)  # noqa: S311  not for secrets
        if not random.randrange(_UNLUCKY):  # noqa: S311  not for secrets
            raise NotNowError("bad luck")


KINDS: Final = JobKinds(
    [
        JobKind(
            use_case=Strike,
            queue=Queue.TENANT_TASKS,
            retries=Retries(attempts=100, first=timedelta(seconds=0.2), longest=timedelta(seconds=1)),
        )
    ]
)


class Strikes(Provider):
    scope = Lifetime.REQUEST
    strike = provide(Strike)

    @provide(scope=Lifetime.APP, override=True)
    def kinds(self) -> JobKinds:
        return KINDS


class Impatient(Provider):
    """A dispatcher that soon sends out again what nobody claims."""

    @provide(scope=Lifetime.APP, override=True)
    def dispatcher(
        self,
        *,
        dispatch: JobDispatch,
        transport: Transport,
        recovery: Recovery,
        wakes: JobWakes,
        clock: Clock,
        settings: Settings,
    ) -> Dispatcher:
        limits = DispatchLimits(
            window=settings.jobs_window,
            per_site=settings.jobs_per_site,
            patience=timedelta(seconds=3),
            longest=timedelta(seconds=6),
        )
        queues = {queue: QueueDispatcher(queue, dispatch, transport, limits, clock) for queue in Queue}
        return Dispatcher(queues, recovery, wakes)


def producing(settings: Settings) -> AsyncContainer:
    """Where jobs are asked for."""
    return make_container(settings, Postgres(), S3Storage(), PlainPasswords(), Tester(), NoJob(), Strikes())


async def ask(producer: AsyncContainer, scope: Scope, numbers: Sequence[int]) -> None:
    """A job for each number, in one transaction."""
    async with producer(context={Scope: scope, Caller: OPERATOR}) as container:
        jobs = await container.get(Jobs)
        async with await container.get(UnitOfWork):
            for number in numbers:
                await jobs.add(Strike, number=number)


async def _work() -> None:
    settings = load_settings()
    configure_logging(pretty=False, level="info")
    limits = WorkerLimits(
        queues=list(Queue), concurrency=settings.worker_concurrency, grace=float(settings.worker_grace_seconds)
    )
    await run_worker(settings, limits, Strikes(), Impatient())


if __name__ == "__main__":
    asyncio.run(_work())
