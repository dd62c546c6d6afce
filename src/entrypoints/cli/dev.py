import asyncio
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click
import msgspec
from rich.panel import Panel
from rich.table import Table

from adapters.embedded.postgres import EmbeddedPostgres
from adapters.postgres.fleet import Fleet
from adapters.postgres.migrations import PLATFORM_HISTORY, TENANT_HISTORY
from adapters.postgres.pool import open_pool
from entrypoints.cli.console import UserError, err, out
from entrypoints.cli.demo import ORGANIZATION, PASSWORD, SITES, USERNAME, make_demo
from entrypoints.cli.migrate import run_migrations
from entrypoints.cli.operator import application, operator_label, operator_trail
from entrypoints.cli.run import problems_told
from entrypoints.cli.serve import prepare_to_serve, require_free_port
from entrypoints.server import make_server
from entrypoints.settings import Settings, load_settings

_PATIENCE: Final = 60.0


@click.command()
def dev() -> None:
    """Run everything on this machine: embedded PostgreSQL in .taruvi/, demo data, HTTP.

    A second start keeps the data. Ctrl-C stops all of it. TARUVI_PORT is the port (8000),
    TARUVI_HOME the folder (.taruvi); TARUVI_DATABASE_URL uses a PostgreSQL of yours instead.
    """
    started = time.perf_counter()
    settings = load_settings()
    if settings.is_production:
        raise UserError("`taruvi dev` is not for production: use `taruvi migrate` and `taruvi serve`")
    with problems_told():
        require_free_port(settings)
        with _database(settings) as ready:
            _step("migrating and looking after the demo data")
            asyncio.run(_prepare(ready))
            prepare_to_serve(ready)
            server = make_server(ready)
            server.on_startup(lambda: _welcome_when_ready(ready, started))
            server.serve()
            _step("stopping PostgreSQL" if not settings.database_url else "stopped")
    err.print("[dim]stopped; `just dev` goes on where you left[/]")


@contextmanager
def _database(settings: Settings) -> Iterator[Settings]:
    if settings.database_url:
        yield settings
        return
    _step(f"starting PostgreSQL in {settings.home}")
    with EmbeddedPostgres(settings.home, report=_step) as url:
        yield msgspec.structs.replace(settings, database_url=url)


async def _prepare(settings: Settings) -> None:
    pool = await open_pool(settings.database_url, size=4, statements=100, name="taruvi dev")
    try:
        trail = operator_trail(operator_label())
        await run_migrations(Fleet(pool, PLATFORM_HISTORY, TENANT_HISTORY, trail))
    finally:
        await pool.close()
    async with application(settings) as app:
        await make_demo(app, _step)


def _welcome_when_ready(settings: Settings, started: float) -> None:
    threading.Thread(target=_welcome, args=(settings, started), daemon=True).start()


def _welcome(settings: Settings, started: float) -> None:
    address = f"http://127.0.0.1:{settings.port}/health/ready/"
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=2):
                break
        except OSError:
            time.sleep(0.05)
    else:
        err.print("[red]the service does not get ready; its log above says why[/]")
        return
    out.print(_card(settings, time.perf_counter() - started))


def _card(settings: Settings, seconds: float) -> Panel:
    base, port = settings.base_domains[0], settings.port
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_row("platform", f"http://{base}:{port}/api/docs/")
    for slug in SITES:
        table.add_row(f"site {slug}", f"http://{slug}.{base}:{port}/api/docs/")
    table.add_row("log in", f"{USERNAME} / {PASSWORD}   (on each of them; organization {ORGANIZATION})")
    table.add_row("data", str(settings.home.resolve()))
    table.add_row("try", _curl(f"http://acme.{base}:{port}"))
    return Panel(table, title=f"Taruvi is ready after {seconds:.1f} s", subtitle="Ctrl-C stops it")


def _curl(site: str) -> str:
    body = f'{{"username":"{USERNAME}","password":"{PASSWORD}"}}'
    return f"curl -s {site}/api/auth/jwt/token/ -H 'Content-Type: application/json' -d '{body}'"


def _step(text: str) -> None:
    err.print(f"[green]•[/] {text}")
