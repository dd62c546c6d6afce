import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Final

from application.shared.background import NotNowError

_log: Final = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]


class BackgroundRunner:
    """Does work in this process, beside the requests, `at_once` of it at a time; the rest of at most `most` waits.

    What fails is tried again after each of `pauses` (seconds). What fails for good, finds no place or is left
    when the process ends, is logged as an error: its name and the reason, nothing of what is in it.
    """

    def __init__(self, *, most: int = 1000, at_once: int = 4, pauses: Sequence[float] = (1, 5, 25)) -> None:
        self._most = most
        self._turn = asyncio.Semaphore(at_once)
        self._pauses = pauses
        self._closing = asyncio.Event()
        self._running: dict[asyncio.Task[None], str] = {}

    def start(self, name: str, work: Work) -> None:
        if len(self._running) >= self._most:
            _log.error("%s was not done: %d wait already", name, self._most)
            return
        task = asyncio.create_task(self._run(name, work))
        self._running[task] = name
        task.add_done_callback(self._running.pop)

    async def settle(self) -> None:
        """Wait until all is done, what it leads to included."""
        while self._running:
            await asyncio.wait(set(self._running))

    async def close(self, *, seconds: float) -> None:
        """Finish what there is: nothing pauses any more, and what fails has one last try."""
        self._closing.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.settle()
        for task, name in list(self._running.items()):
            _log.error("%s was not done: the process ended", name)
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _run(self, name: str, work: Work) -> None:
        for pause in (*self._pauses, None):
            was_closing = self._closing.is_set()
            if await self._succeeds(name, work):
                return
            if pause is None or was_closing:
                break
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._closing.wait()
        _log.error("%s was given up", name)

    async def _succeeds(self, name: str, work: Work) -> bool:
        try:
            async with self._turn:
                await work()
        except NotNowError as error:
            _log.error("%s failed: %s", name, error)
        except Exception:  # noqa: BLE001  nobody is above this to be told but the log
            _log.exception("%s failed", name)
        else:
            return True
        return False
