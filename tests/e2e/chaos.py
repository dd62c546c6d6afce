"""Processes that work, and what befalls them."""

import asyncio
import os
import random
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

REPOSITORY: Final = Path(__file__).parents[2]


@dataclass(slots=True)
class Workers:
    """`count` of them at any time. What each says is in a file of its own in `place`."""

    place: Path
    environment: Mapping[str, str]
    count: int
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    kills: int = 0

    def start(self) -> None:
        for _ in range(self.count):
            self._start_one()

    def kill_one(self, chance: random.Random) -> None:
        """With SIGKILL, whatever it is doing, and put another in its place."""
        victim = self.running.pop(chance.randrange(len(self.running)))
        victim.kill()
        victim.wait()
        self.kills += 1
        self._start_one()

    def stop(self) -> list[int]:
        """With SIGTERM; their exit codes."""
        for one in self.running:
            one.terminate()
        codes = [one.wait(60) for one in self.running]
        self.running = []
        return codes

    def said(self) -> str:
        return "\n".join(file.read_text()[-2000:] for file in sorted(self.place.glob("worker-*")))

    def _start_one(self) -> None:
        said = self.place / f"worker-{len(list(self.place.glob('worker-*'))):03}"
        with said.open("w") as output:
            self.running.append(
                subprocess.Popen(
                    [sys.executable, "-m", "tests.e2e.strikes"],
                    cwd=REPOSITORY,
                    env={**os.environ, **self.environment},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                )
            )


@contextmanager
def workers(place: Path, environment: Mapping[str, str], count: int) -> Iterator[Workers]:
    """None of them outlives this."""
    crew = Workers(place, environment, count)
    try:
        crew.start()
        yield crew
    finally:
        for one in crew.running:
            one.kill()
            one.wait()


async def strike_down(crew: Workers, chance: random.Random, *, kills: int, between: tuple[float, float]) -> None:
    for _ in range(kills):
        await asyncio.sleep(chance.uniform(*between))
        crew.kill_one(chance)
