from collections.abc import Callable
from contextlib import suppress
from typing import Final

from adapters.postgres.jobs.hearing import Hearing
from application.jobs.ports import JobWakes
from domain.jobs.job import Queue

_CHANNEL: Final = "taruvi_jobs"


class PostgresJobWakes(JobWakes):
    """Behind a transaction pooler nothing can be heard: who dispatches looks by itself."""

    def __init__(self, url: str, *, ping: float = 15, pause: float = 1) -> None:
        self._hearing = Hearing(url, _CHANNEL, ping=ping, pause=pause)

    async def listen(self, wake: Callable[[Queue], None]) -> None:
        await self._hearing.listen(lambda told: _wake(wake, told))


def _wake(wake: Callable[[Queue], None], told: str) -> None:
    """Another release may have queues that this one does not know."""
    if not told:
        for queue in Queue:
            wake(queue)
        return
    with suppress(ValueError):
        wake(Queue(told))
