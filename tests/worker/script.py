"""A worker process with a job of its own: `python -m tests.worker.script`, by the settings of its environment.

The job says in a folder what it does, and waits there for a file `go`.
"""

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from dishka import Provider, provide
from dishka import Scope as Lifetime

from application.jobs.kinds import JobKind, JobKinds
from application.shared.jobs import Once
from application.shared.ports import UnitOfWork
from domain.jobs.job import Queue
from entrypoints.environment import load_settings
from entrypoints.logging import configure_logging
from entrypoints.worker.consuming import WorkerLimits
from entrypoints.worker.process import run_worker


@dataclass(frozen=True, slots=True, kw_only=True)
class Chalk:
    """Safe to repeat."""

    once: Once
    work: UnitOfWork

    async def __call__(self, *, folder: str) -> None:
        board = Path(folder)
        (board / f"started-{os.getpid()}").touch()
        while not (board / "go").exists():  # noqa: ASYNC110  what another process makes is no event of ours
            await asyncio.sleep(0.02)
        async with self.work:
            if await self.once("chalk"):
                (board / f"done-{os.getpid()}").touch()


class ChalkWorker(Provider):
    chalk = provide(Chalk, scope=Lifetime.REQUEST)

    @provide(scope=Lifetime.APP, override=True)
    def kinds(self) -> JobKinds:
        return JobKinds((JobKind(use_case=Chalk, queue=Queue.REPORTS),))


def main() -> None:
    settings = load_settings()
    configure_logging(pretty=True, level="info")
    limits = WorkerLimits(queues=tuple(Queue), concurrency=2, grace=float(settings.worker_grace_seconds))
    asyncio.run(run_worker(settings, limits, ChalkWorker()))
    sys.stdout.write("gone in peace\n")


if __name__ == "__main__":
    main()
