"""From where an application answers: its container, and what runs beside the requests."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final, TypeVar, cast

import structlog
from dishka import AsyncContainer
from dishka.integrations.litestar import setup_dishka
from litestar import Litestar

from adapters.cache.site_directory import CachedSiteDirectory
from application.shared.ports import Clock
from application.tenancy.usage_ports import RequestCounts
from entrypoints.database_lost import DATABASE_LOST
from entrypoints.http.edge import App, Edge
from entrypoints.http.tally import RequestTally, ended
from entrypoints.settings import Settings

_log: Final = structlog.get_logger("taruvi.http")
_DATABASE_SECONDS: Final = 30
_CLOSING_SECONDS: Final = 10

T = TypeVar("T")


@asynccontextmanager
async def serving(app: Litestar, container: AsyncContainer, settings: Settings) -> AsyncGenerator[None]:
    """The application answers from the container, which is closed at the end."""
    setup_dishka(container, app)
    try:
        directory = await _once_there(container, CachedSiteDirectory)
        tally = RequestTally(await container.get(Clock), lambda: container.get(RequestCounts))
        app.asgi_handler = Edge(cast("App", app.asgi_handler), directory, tally, settings)
        beside = [asyncio.create_task(directory.follow()), asyncio.create_task(tally.follow())]
        yield
        for task in beside:
            await ended(task)
    finally:
        async with asyncio.timeout(_CLOSING_SECONDS):
            await container.close()


async def _once_there(container: AsyncContainer, kind: type[T]) -> T:
    """A process that starts while the database is away, as one does that replaces another, waits for it."""
    deadline = time.monotonic() + _DATABASE_SECONDS
    while True:
        try:
            return await container.get(kind)
        except DATABASE_LOST as error:
            if time.monotonic() > deadline:
                raise
            _log.warning("waiting for the database", reason=repr(error))
            await asyncio.sleep(1)
