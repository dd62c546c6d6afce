"""Processes that work, and what befalls them."""

import asyncio
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

REPOSITORY: Final = Path(__file__).parents[2]
_PATIENCE: Final = 30
"""Seconds after which one is killed that has done nothing yet: the machine may be busy with other things."""


@dataclass(frozen=True, slots=True, eq=False)
class Worker:
    process: subprocess.Popen[bytes]
    said: Path

    def has_worked(self) -> bool:
        return "job succeeded" in self.said.read_text()


@dataclass(slots=True)
class Workers:
    """`count` of them at any time. What each says is in a file of its own in `place`."""

    place: Path
    environment: Mapping[str, str]
    count: int
    running: list[Worker] = field(default_factory=list)
    kills: int = 0

    def start(self) -> None:
        for _ in range(self.count):
            self._start_one()

    async def kill_one(self, chance: random.Random) -> None:
        """With SIGKILL, one that has done something, whatever it is doing; and put another in its place."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while not any(one.has_worked() for one in self.running):  # noqa: ASYNC110  other processes
                    await asyncio.sleep(0.1)
        victim = chance.choice([one for one in self.running if one.has_worked()] or self.running)
        self.running.remove(victim)
        victim.process.kill()
        victim.process.wait()
        self.kills += 1
        self._start_one()

    def stop(self) -> list[int]:
        """With SIGTERM; their exit codes."""
        for one in self.running:
            one.process.terminate()
        codes = [one.process.wait(60) for one in self.running]
        self.running = []
        return codes

    def said(self) -> str:
        """The end of what each said."""
        return "\n".join(file.read_text()[-2000:] for file in sorted(self.place.glob("worker-*")))

    def _start_one(self) -> None:
        said = self.place / f"worker-{len(list(self.place.glob('worker-*'))):03}"
        with said.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.strikes"],
                cwd=REPOSITORY,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        self.running.append(Worker(process, said))


@contextmanager
def workers(place: Path, environment: Mapping[str, str], count: int) -> Iterator[Workers]:
    """None of them outlives this."""
    crew = Workers(place, environment, count)
    try:
        crew.start()
        yield crew
    finally:
        for one in crew.running:
            one.process.kill()
            one.process.wait()
