import asyncio

from adapters.postgres.time import DatabaseTime
from entrypoints.worker.consuming import Worker
from entrypoints.worker.dispatching import Dispatcher


class WorkerService:
    """A whole worker process; or part of one that serves HTTP too."""

    def __init__(self, worker: Worker, dispatcher: Dispatcher | None, time: DatabaseTime) -> None:
        self._worker = worker
        self._dispatcher = dispatcher
        self._time = time

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; no job is lost, whatever ends it."""
        following = asyncio.create_task(self._time.follow())
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._worker.run(stop))
                if self._dispatcher is not None:
                    group.create_task(self._dispatcher.run(stop))
        finally:
            following.cancel()
