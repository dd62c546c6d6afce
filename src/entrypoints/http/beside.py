"""Jobs and schedules in a process that serves HTTP: for one machine, where processes of their own are not worth it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

import structlog

from domain.jobs.job import Queue
from entrypoints.scheduler.main import run_scheduler
from entrypoints.settings import Settings
from entrypoints.worker.consuming import WorkerLimits
from entrypoints.worker.main import make_worker_container, worker_service

_log: Final = structlog.get_logger("taruvi.jobs")
_AT_ONCE: Final = 4
"""Requests come first: no more jobs than this share their event loop."""
_GRACE: Final = 2.0
"""Seconds: whoever presses Ctrl-C waits for it."""


@asynccontextmanager
async def jobs_beside(settings: Settings) -> AsyncGenerator[None]:
    """While this lasts, schedules are fired and jobs run here, in containers of their own, if the settings say so.

    At its end no job is lost.
    """
    if not settings.jobs_in_process:
        yield
        return
    stop = asyncio.Event()
    running = asyncio.create_task(_run(settings, stop))
    running.add_done_callback(_told)
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait({running})


async def _run(settings: Settings, stop: asyncio.Event) -> None:
    limits = WorkerLimits(queues=tuple(Queue), concurrency=min(settings.worker_concurrency, _AT_ONCE), grace=_GRACE)
    container = make_worker_container(settings)
    try:
        service = await worker_service(container, limits)
        async with asyncio.TaskGroup() as group:
            group.create_task(service.run(stop))
            group.create_task(run_scheduler(settings, stop))
    finally:
        await container.close()


def _told(running: "asyncio.Task[None]") -> None:
    if not running.cancelled() and (error := running.exception()) is not None:
        _log.error("jobs do not run here any more: restart the service", exc_info=error)
