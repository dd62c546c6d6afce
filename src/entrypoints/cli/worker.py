import asyncio

import click
import msgspec

from domain.jobs.job import Queue
from entrypoints.cli.console import Steps
from entrypoints.cli.embedded import database, storage
from entrypoints.cli.run import problems_told
from entrypoints.cli.serve import require_migrated
from entrypoints.environment import checked, load_settings
from entrypoints.logging import configure_logging
from entrypoints.signing_keys import load_keyring
from entrypoints.worker.consuming import WorkerLimits
from entrypoints.worker.process import run_worker

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
        limits = WorkerLimits(
            queues=taken, concurrency=settings.worker_concurrency, grace=float(settings.worker_grace_seconds)
        )
        asyncio.run(run_worker(settings, limits, dispatches=not no_dispatch))
    steps.done("stopped; no job is lost")
