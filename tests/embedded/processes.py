"""What the tests do to processes: start owners of a home, find and kill servers, ask them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from adapters.embedded.programs import programs_folder

OWNER = Path(__file__).with_name("owner.py")
STORE_OWNER = Path(__file__).with_name("store_owner.py")
SOURCES = Path(__file__).parents[2] / "src"


def until(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.005)


class Owner:
    """Another process that uses a home."""

    def __init__(
        self,
        home: Path,
        said: Path,
        *arguments: str,
        script: Path = OWNER,
        user: str = "",
        prefix: tuple[str, ...] = (),
    ) -> None:
        self._said = said
        with said.open("w") as out:
            self._process = subprocess.Popen(
                [*prefix, sys.executable, script, home, *arguments, *([user] if user else [])],
                stdin=subprocess.PIPE,
                stdout=out,
                env={**os.environ, "PYTHONPATH": str(SOURCES)},
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self._said.read_text()

    def wait_for(self, text: str) -> None:
        until(lambda: text in self.said or self._process.poll() is not None)
        assert text in self.said, self.said

    def url(self) -> str:
        self.wait_for("url ")
        until(lambda: self.said.endswith("\n"))
        return next(line for line in self.said.splitlines() if line.startswith("url "))[4:]

    def leave(self) -> None:
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        self._process.wait(timeout=60)

    def interrupt_group(self) -> None:
        """What a terminal does at Ctrl-C."""
        os.killpg(self._process.pid, signal.SIGINT)

    def kill(self) -> None:
        self._process.kill()
        self.leave()


def server_processes(home: Path) -> list[psutil.Process]:
    return [p for p in psutil.process_iter() if _works_in(p, home)]


def _works_in(process: psutil.Process, home: Path) -> bool:
    try:
        return process.name() == "postgres" and Path(process.cwd()).is_relative_to(home)
    except psutil.NoSuchProcess:
        return False


def server_pid(home: Path) -> int:
    return int((home / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def is_served(home: Path) -> bool:
    return bool(server_processes(home))


def kill_server(home: Path) -> None:
    for process in server_processes(home):
        process.kill()
    until(lambda: not is_served(home))


def sql(url: str, statement: str) -> str:
    done = subprocess.run(
        [programs_folder() / "psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", statement, url],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def store_processes(home: Path) -> list[psutil.Process]:
    """The object stores on folders within."""
    return [process for process in psutil.process_iter() if _stores_in(process, home)]


def _stores_in(process: psutil.Process, home: Path) -> bool:
    try:
        words = process.cmdline()
    except psutil.Error:
        return False
    return words[1:3] == ["serve", "s3"] and Path(words[3]).is_relative_to(home)


def kill_store(home: Path) -> None:
    for process in store_processes(home):
        process.kill()
    until(lambda: not store_processes(home))
