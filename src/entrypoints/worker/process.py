import asyncio

from dishka import Provider

from entrypoints.cli.signals import ignore_signals
from entrypoints.server import at_first_signal
from entrypoints.settings import Settings
from entrypoints.worker.consuming import WorkerLimits
from entrypoints.worker.main import make_worker_container, worker_service


async def run_worker(settings: Settings, limits: WorkerLimits, *providers: Provider, dispatches: bool = True) -> None:
    """A process that is a worker, until the first SIGINT or SIGTERM; from then on no signal counts any more."""
    stop = asyncio.Event()
    at_first_signal(asyncio.get_running_loop(), stop.set)
    container = make_worker_container(settings, *providers)
    try:
        service = await worker_service(container, limits, dispatches=dispatches)
        await service.run(stop)
    finally:
        ignore_signals()
        await container.close()
