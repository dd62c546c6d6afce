import asyncio
import signal
import time
from collections.abc import Callable
from types import FrameType
from typing import Final

import click

from adapters.postgres.fleet import Fleet
from adapters.postgres.migrations import PLATFORM_HISTORY, TENANT_HISTORY
from adapters.postgres.pool import open_pool
from entrypoints.cli.console import Steps, UserError
from entrypoints.cli.demo import make_demo
from entrypoints.cli.embedded import database, storage
from entrypoints.cli.listening import require_free_port
from entrypoints.cli.migrate import run_migrations
from entrypoints.cli.operator import application
from entrypoints.cli.run import problems_told
from entrypoints.cli.serve import prepare_to_serve
from entrypoints.cli.signals import ignore_signals
from entrypoints.cli.trail import operator_label, operator_trail
from entrypoints.cli.under_just import stop_with_just
from entrypoints.cli.welcome import welcome_when_ready
from entrypoints.environment import load_settings
from entrypoints.server import make_server
from entrypoints.settings import Settings

_GRACE: Final = 5


@click.command()
def dev() -> None:
    """Run everything on this machine: embedded PostgreSQL and object store in .taruvi/, demo data, HTTP.

    A second start keeps the data. Ctrl-C stops all of it. TARUVI_PORT is the port (8000),
    TARUVI_HOME the folder (.taruvi); TARUVI_DATABASE_URL uses a PostgreSQL of yours instead,
    TARUVI_STORAGE_URL a bucket.

    \b
    Example, beside another one:
      TARUVI_HOME=/tmp/second TARUVI_PORT=8001 taruvi dev
    """
    started = time.perf_counter()
    settings = load_settings()
    if settings.is_production:
        raise UserError("`taruvi dev` is not for production: use `taruvi migrate` and `taruvi serve`")
    steps = Steps()
    stop_with_just()
    try:
        with problems_told():
            require_free_port(settings, steps)
            with database(settings, steps) as stored, storage(stored, steps) as ready:
                _run(ready, steps, started)
    except KeyboardInterrupt:
        pass  # asked for, and everything is stopped by now
    finally:
        ignore_signals()
        steps.done()
    steps.done("stopped; `just dev` goes on where you left")


def _run(settings: Settings, steps: Steps, started: float) -> None:
    steps("migrating")
    asyncio.run(_migrate(settings))
    asyncio.run(_make_demo(settings, steps))
    prepare_to_serve(settings, steps)
    steps(f"starting the service on port {settings.port}")
    server = make_server(settings, grace=_GRACE)
    interrupt: Callable[..., None] = server.signal_handler_interrupt

    def stop(number: int, frame: FrameType | None) -> None:
        steps("stopping the service")
        interrupt(number, frame)

    @server.on_startup
    def watch() -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # the last: the terminal was closed
            signal.signal(number, stop)
        welcome_when_ready(settings, started, steps)

    server.serve()


async def _migrate(settings: Settings) -> None:
    pool = await open_pool(settings.database_url, size=4, statements=100, name="taruvi dev", patient=True)
    try:
        trail = operator_trail(operator_label())
        await run_migrations(Fleet(pool, PLATFORM_HISTORY, TENANT_HISTORY, trail))
    finally:
        await pool.close()


async def _make_demo(settings: Settings, steps: Steps) -> None:
    async with application(settings) as app:
        await make_demo(app, steps)
