import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import asyncpg

from adapters.postgres.pool import SETTINGS

_log: Final = logging.getLogger(__name__)
FAILURES: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)


class Hearing:
    """What is notified on one channel, on a connection of its own that is made anew when it is lost.

    Behind a transaction pooler nothing can be heard: who needs to know looks by itself, too.
    """

    def __init__(self, url: str, channel: str, *, ping: float = 15, pause: float = 1) -> None:
        self._url = url
        self._channel = channel
        self._ping = ping
        self._pause = pause

    async def listen(self, heard: Callable[[str], None]) -> None:
        """For ever. An empty text: there may have been anything while nothing could be heard."""
        deaf = False
        while True:
            try:
                await self._hear(heard, after_silence=deaf)
            except FAILURES as error:
                if not deaf:
                    _log.warning("%s cannot be heard of, it is looked for: %s", self._channel, type(error).__name__)
                deaf = True
                await asyncio.sleep(self._pause)

    async def _hear(self, heard: Callable[[str], None], *, after_silence: bool) -> None:
        name = SETTINGS | {"application_name": self._channel}
        connection = await asyncpg.connect(self._url, timeout=10, command_timeout=10, server_settings=name)
        try:
            await connection.add_listener(self._channel, lambda *told: heard(str(told[-1])))
            if after_silence:
                _log.warning("%s is heard of again", self._channel)
            heard("")
            while True:
                await asyncio.sleep(self._ping)
                await connection.execute("select 1")
        finally:
            with suppress(*FAILURES):
                connection.terminate()
