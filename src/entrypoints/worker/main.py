"""What a worker process is made of."""

import os
import random
import socket
from datetime import timedelta

from dishka import AsyncContainer, Provider, provide
from dishka import Scope as Lifetime

from adapters.postgres.time import DatabaseTime
from application.jobs.interruption import Interruption
from application.jobs.kinds import JobKinds
from application.jobs.ports import DispatchLimits, JobCodec, JobDispatch, JobLeases, JobWakes
from application.jobs.transport import Transport
from application.shared.ports import NewId
from domain.jobs.job import Queue
from entrypoints.container import make_container
from entrypoints.settings import Settings
from entrypoints.stores.broker import JobBroker
from entrypoints.stores.jobs import PostgresSteps
from entrypoints.stores.passwords import StrongPasswords
from entrypoints.stores.postgres import Postgres
from entrypoints.stores.storage import S3Storage
from entrypoints.worker.attempt import Attempt
from entrypoints.worker.consuming import Worker, WorkerLimits
from entrypoints.worker.dispatching import Dispatcher, QueueDispatcher
from entrypoints.worker.execution import Execution
from entrypoints.worker.leasing import Heartbeat
from entrypoints.worker.recovering import Recovery
from entrypoints.worker.requests import JobRequest
from entrypoints.worker.service import WorkerService


class Engine(Provider):
    """What dispatches; and what leases are kept by, for jobs that this process runs."""

    scope = Lifetime.APP

    @provide
    def interruption(self, kinds: JobKinds, clock: DatabaseTime) -> Interruption:
        return Interruption(kinds=kinds, clock=clock, chance=random.random)

    @provide
    def recovery(
        self, dispatch: JobDispatch, interruption: Interruption, clock: DatabaseTime, settings: Settings
    ) -> Recovery:
        return Recovery(dispatch, interruption, clock, lease=timedelta(seconds=settings.job_lease_seconds))

    @provide
    def dispatcher(
        self,
        *,
        dispatch: JobDispatch,
        transport: Transport,
        recovery: Recovery,
        wakes: JobWakes,
        clock: DatabaseTime,
        settings: Settings,
    ) -> Dispatcher:
        limits = DispatchLimits(window=settings.jobs_window, per_site=settings.jobs_per_site)
        queues = {queue: QueueDispatcher(queue, dispatch, transport, limits, clock) for queue in Queue}
        return Dispatcher(queues, recovery, wakes)

    @provide
    def heartbeat(self, leases: JobLeases, clock: DatabaseTime, settings: Settings) -> Heartbeat:
        return Heartbeat(leases, clock, lease=timedelta(seconds=settings.job_lease_seconds))


def make_worker_container(settings: Settings, *providers: Provider) -> AsyncContainer:
    """`providers` override what a worker is made of."""
    return make_container(
        settings,
        Postgres(),
        PostgresSteps(),
        S3Storage(),
        StrongPasswords(),
        JobRequest(),
        Engine(),
        JobBroker(),
        *providers,
    )


async def worker_service(container: AsyncContainer, limits: WorkerLimits, *, dispatches: bool = True) -> WorkerService:
    """One that consumes; and dispatches, unless others do."""
    time, heartbeat = await container.get(DatabaseTime), await container.get(Heartbeat)
    await time.measure()
    dispatcher = await container.get(Dispatcher) if dispatches else None
    kinds, codec = await container.get(JobKinds), await container.get(JobCodec)
    attempt = Attempt(
        leases=await container.get(JobLeases),
        execution=Execution(container, kinds, codec, time),
        heartbeat=heartbeat,
        clock=time,
        new_id=await container.get(NewId),
        worker=f"{socket.gethostname()}:{os.getpid()}",
        ended=dispatcher.wake if dispatcher else _nobody_is_woken,
    )
    return WorkerService(Worker(await container.get(Transport), attempt, heartbeat, limits), dispatcher, time)


def _nobody_is_woken(queue: Queue) -> None:
    """Who dispatches looks by itself."""
