import asyncio
from collections.abc import Sequence

import click
import msgspec

from domain.jobs.job import Queue
from entrypoints.cli.console import Steps
from entrypoints.cli.embedded import database, storage
from entrypoints.cli.run import problems_told
from entrypoints.cli.serve import require_migrated
from entrypoints.cli.signals import ignore_signals
from entrypoints.environment import checked, load_settings
from entrypoints.logging import configure_logging
from entrypoints.server import at_first_signal
from entrypoints.settings import Settings
from entrypoints.signing_keys import load_keyring
from entrypoints.worker.consuming import WorkerLimits
from entrypoints.worker.main import make_worker_container, worker_service

_QUEUES = tuple(queue.value for queue in Queue)


@click.command()
@click.option(
    "--queue", "queues", multiple=True, type=click.Choice(_QUEUES), help="Take from this one; may be repeated."
)
@click.option("--concurrency", type=click.IntRange(1, 256), help="Jobs at once (TARUVI_WORKER_CONCURRENCY).")
@click.option("--no-dispatch", is_flag=True, help="Only run jobs: other processes send them out.")
def worker(queues: tuple[str, ...], concurrency: int | None, *, no_dispatch: bool) -> None:
    """Run jobs until SIGINT or SIGTERM, of all queues unless some are named.

    Then it takes nothing more, lets what runs finish for TARUVI_WORKER_GRACE_SECONDS, and hands the
    rest back: other workers run it. It also sends out what waits; any number of processes may.

    \b
    Examples:
      taruvi worker --queue emails --concurrency 20
      taruvi worker --queue reports --queue maintenance --no-dispatch
    """
    changes = {} if concurrency is None else {"worker_concurrency": concurrency}
    wanted = checked(msgspec.structs.replace(load_settings(), **changes))
    taken = [Queue(name) for name in dict.fromkeys(queues)] or list(Queue)
    steps = Steps()
    with problems_told(), database(wanted, steps) as stored, storage(stored, steps) as settings:
        steps("checking the database")
        asyncio.run(require_migrated(settings))
        load_keyring(settings)
        configure_logging(pretty=settings.logs_pretty, level=settings.log_level)
        and_more = "" if no_dispatch else ", and sending out what waits"
        steps(f"running jobs of {', '.join(taken)}, {settings.worker_concurrency} at once{and_more}")
        steps.done()
        asyncio.run(_run(settings, taken, dispatches=not no_dispatch))
    steps.done("stopped; no job is lost")


async def _run(settings: Settings, queues: Sequence[Queue], *, dispatches: bool) -> None:
    stop = asyncio.Event()
    at_first_signal(asyncio.get_running_loop(), stop.set)
    limits = WorkerLimits(
        queues=queues, concurrency=settings.worker_concurrency, grace=float(settings.worker_grace_seconds)
    )
    container = make_worker_container(settings)
    try:
        service = await worker_service(container, limits, dispatches=dispatches)
        await service.run(stop)
    finally:
        ignore_signals()
        await container.close()
