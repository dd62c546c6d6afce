"""The real HTTP application, of which tests run one after the other, or two at a time.

To build its routes takes longer than most tests: an application that was closed serves the next one, from another
container. What it keeps is what no container changes: the routes and the OpenAPI document.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from dishka import AsyncContainer
from litestar import Litestar

from entrypoints.http.app import routed
from entrypoints.http.serving import serving
from entrypoints.settings import Settings

_idle: Final[dict[int, list[Litestar]]] = defaultdict(list)


@asynccontextmanager
async def served(container: AsyncContainer, settings: Settings) -> AsyncIterator[Litestar]:
    """An application that answers from the container.

    It lives in a task of its own: a fixture is torn down in another one than it was set up in.
    """
    with _lent(settings.max_body_bytes) as app:
        started, ended = asyncio.Event(), asyncio.Event()

        async def live() -> None:
            async with app.lifespan(), serving(app, container, settings):
                started.set()
                await ended.wait()

        task = asyncio.create_task(live())
        opening = asyncio.create_task(started.wait())
        await asyncio.wait({task, opening}, return_when=asyncio.FIRST_COMPLETED)
        try:
            if not started.is_set():
                await task
            yield app
        finally:
            opening.cancel()
            ended.set()
            await task


@contextmanager
def _lent(max_body_bytes: int) -> Iterator[Litestar]:
    idle = _idle[max_body_bytes]
    app = idle.pop() if idle else routed(max_body_bytes)
    bare = app.asgi_handler
    yield app
    app.asgi_handler = bare
    idle.append(app)
