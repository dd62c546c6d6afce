import asyncio

from entrypoints.worker.consuming import Worker
from entrypoints.worker.dispatching import Dispatcher


class WorkerService:
    """A whole worker process; or part of one that serves HTTP too."""

    def __init__(self, worker: Worker, dispatcher: Dispatcher | None) -> None:
        self._worker = worker
        self._dispatcher = dispatcher

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; no job is lost, whatever ends it."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._worker.run(stop))
            if self._dispatcher is not None:
                group.create_task(self._dispatcher.run(stop))
