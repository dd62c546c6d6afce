import asyncio
import signal
from typing import Final

import click

from entrypoints.cli.run import command
from entrypoints.logging import configure_logging
from entrypoints.scheduler.main import run_scheduler
from entrypoints.settings import Settings

_STOPPING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@click.command()
@command
async def scheduler(settings: Settings) -> None:
    """Fire what is due, until SIGINT or SIGTERM. Any number of them may run at once.

    It adds jobs; `taruvi worker` runs them. While the database is away it waits.

    \b
    Example:
      TARUVI_DATABASE_URL=postgresql://… taruvi scheduler
    """
    configure_logging(pretty=settings.logs_pretty, level=settings.log_level)
    stop = asyncio.Event()
    for number in _STOPPING:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await run_scheduler(settings, stop)
