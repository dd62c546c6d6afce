import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import asyncpg

from adapters.postgres.pool import SETTINGS
from application.jobs.ports import JobWakes
from domain.jobs.job import Queue

_log: Final = logging.getLogger(__name__)
_CHANNEL: Final = "taruvi_jobs"
_FAILURES: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)


class PostgresJobWakes(JobWakes):
    """On a connection of its own. Behind a transaction pooler nothing can be heard: who dispatches looks by itself."""

    def __init__(self, url: str, *, ping: float = 15, pause: float = 1) -> None:
        self._url = url
        self._ping = ping
        self._pause = pause

    async def listen(self, wake: Callable[[Queue], None]) -> None:
        deaf = False
        while True:
            try:
                await self._hear(wake, after_silence=deaf)
            except _FAILURES as error:
                if not deaf:
                    _log.warning("new jobs cannot be heard of, they are looked for: %r", error)
                deaf = True
                await asyncio.sleep(self._pause)

    async def _hear(self, wake: Callable[[Queue], None], *, after_silence: bool) -> None:
        connection = await asyncpg.connect(
            self._url, timeout=10, command_timeout=10, server_settings=SETTINGS | {"application_name": "taruvi wakes"}
        )
        try:
            await connection.add_listener(_CHANNEL, lambda *told: _wake(wake, told[-1]))
            if after_silence:
                _log.warning("new jobs are heard of again")
            for queue in Queue:
                wake(queue)
            while True:
                await asyncio.sleep(self._ping)
                await connection.execute("select 1")
        finally:
            with suppress(*_FAILURES):
                connection.terminate()


def _wake(wake: Callable[[Queue], None], told: object) -> None:
    """Another release may have queues that this one does not know."""
    with suppress(ValueError):
        wake(Queue(str(told)))
