"""The whole service as a process of its own, as a user has it on a terminal."""

import http.client
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Final

import psutil

from tests.cli.conftest import TARUVI, environment
from tests.embedded.processes import server_processes, store_processes, until

SECONDS: Final = 60


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Service:
    """`taruvi dev` in its own process group; `deaf`: SIGINT is ignored when it starts, as in a script's background."""

    def __init__(
        self,
        place: Path,
        port: int,
        number: int,
        *command: str,
        deaf: bool = False,
        variables: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.home = place / ".taruvi"
        self.port = port
        self._said = place / f"said-{number}"
        with self._said.open("w") as said:
            self.process = subprocess.Popen(
                command or [TARUVI, "dev"],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                cwd=place,
                env=environment(place) | {"TARUVI_HOME": str(self.home), "TARUVI_PORT": str(port), **variables},
                start_new_session=True,
                preexec_fn=_ignore_interrupts if deaf else None,  # noqa: PLW1509  one thread, one system call
            )

    @property
    def base(self) -> str:
        """Where it listens; a request says in its `Host` header which site it is for."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        return self._said.read_text(errors="replace")

    def ready(self) -> "Service":
        """Wait until it has welcomed its user."""
        until(lambda: "Ctrl-C stops it" in self.said or self.process.poll() is not None, seconds=SECONDS)
        assert "Ctrl-C stops it" in self.said, self.said
        assert self.get("/health/ready/") == 200
        return self

    def get(self, path: str) -> int:
        """The status, or 0 if nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return 0
        else:
            return answer.status
        finally:
            connection.close()

    def ended(self) -> int:
        """Wait for its end: the exit code."""
        return self.process.wait(SECONDS)

    def workers(self) -> list[psutil.Process]:
        """The processes that serve: children of the one that was started, or of that one's child."""
        tree = psutil.Process(self.process.pid).children(recursive=True)
        return [process for process in tree if not process.children()]

    def processes(self) -> list[psutil.Process]:
        """All that belongs to it, the database's and the store's included, whether or not their parents still live."""
        return [*self._ours(), *server_processes(self.home), *store_processes(self.home)]

    def _ours(self) -> Iterator[psutil.Process]:
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("TARUVI_HOME") == str(self.home) and process.status() != psutil.STATUS_ZOMBIE:
                    yield process

    def interrupt_group(self) -> None:
        """What a terminal does at Ctrl-C."""
        os.killpg(self.process.pid, signal.SIGINT)

    def kill_all(self) -> None:
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait(SECONDS)
