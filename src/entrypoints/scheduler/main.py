"""What a scheduler process is made of."""

import asyncio

from entrypoints.container import make_container
from entrypoints.jobs import NoJob
from entrypoints.scheduler.loop import SchedulerLoop
from entrypoints.scheduler.requests import SchedulerRequest
from entrypoints.settings import Settings
from entrypoints.stores.passwords import StrongPasswords
from entrypoints.stores.postgres import Postgres
from entrypoints.stores.storage import S3Storage


async def run_scheduler(settings: Settings, stop: asyncio.Event) -> None:
    """In a container of its own, until `stop` is set."""
    container = make_container(settings, Postgres(), S3Storage(), StrongPasswords(), SchedulerRequest(), NoJob())
    try:
        await SchedulerLoop(container).run(stop)
    finally:
        await container.close()
