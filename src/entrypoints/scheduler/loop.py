"""Fires what is due, again and again. Any number of processes may run this."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import structlog
from dishka import AsyncContainer

from adapters.postgres.pool import FAILURES
from application.jobs.schedules.fire_schedules import FireSchedules
from application.jobs.schedules.install_schedules import InstallSchedules

_log: Final = structlog.get_logger("taruvi.scheduler")


@dataclass(frozen=True, slots=True)
class SchedulerLoop:
    """`app` is a container as the scheduler has it. A change of a schedule is seen within `pause` seconds.

    While the database is away nothing is due; when it is back, what was missed is fired as each schedule says.
    """

    app: AsyncContainer
    pause: float = 1.0
    pause_after_failure: float = 2.0

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set; what has begun is ended first."""
        installed = lost = False
        while not stop.is_set():
            try:
                if not installed:
                    await self._install()
                    installed = True
                while not stop.is_set() and await self._fire():
                    pass
            except FAILURES as error:
                if not lost:
                    _log.warning("waiting for the database", reason=repr(error))
                lost = True
            except Exception:  # noqa: BLE001  nobody is above this: what fails now may work the next time
                _log.exception("schedules could not be fired")
                lost = True
            else:
                if lost:
                    _log.info("schedules are fired again")
                lost = False
            await _wait(stop, self.pause_after_failure if lost else self.pause)

    async def _install(self) -> None:
        async with self.app() as container:
            await (await container.get(InstallSchedules))()

    async def _fire(self) -> int:
        async with self.app() as container:
            return await (await container.get(FireSchedules))()


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
