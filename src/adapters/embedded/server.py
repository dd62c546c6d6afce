"""The running server: starting it, waiting for it, stopping it."""

import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from adapters.embedded.cluster import last_lines
from adapters.embedded.errors import EmbeddedPostgresError
from adapters.embedded.postmaster import PORT, Postmaster
from adapters.embedded.programs import Programs

_START_SECONDS = 120  # recovery after a kill included
_STOP_SECONDS = 60
_POLL_SECONDS = 0.05
_SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "max_locks_per_transaction": "256",
    "shared_buffers": "128MB",
    "jit": "off",
}


class _Answer(Enum):
    READY = auto()
    NOT_YET = auto()
    NONE = auto()


_ANSWERS = {0: _Answer.READY, 1: _Answer.NOT_YET}  # by the exit code of pg_isready


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The server of the cluster `data`. Start and stop it while holding the lock of its home."""

    data: Path
    socket_directory: Path
    programs: Programs
    report: Callable[[str], None]

    def ensure(self) -> Path:
        """Have a server that answers; gives the folder of its socket."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            directory = self._postmaster.socket_directory
            answer = self._ask(directory)
            if answer is _Answer.READY:
                return directory
            if answer is _Answer.NONE and not self._postmaster.is_running():
                self._start()
            else:
                time.sleep(_POLL_SECONDS)
        raise self._failure("runs, but does not answer", "(empty)")

    def stop(self) -> None:
        if not self._postmaster.is_running():
            return
        self.report("stopping PostgreSQL")
        problem = self._control("stop", "--mode=fast", seconds=_STOP_SECONDS)
        if problem and self._postmaster.is_running():
            raise self._failure("did not stop", problem)

    def _start(self) -> None:
        if self._postmaster.left_remains():
            self.report("healing: PostgreSQL was killed the last time")
            self._postmaster.clear_remains()
        self.report("starting PostgreSQL")
        if self._log.exists():
            self._log.replace(self._log.with_suffix(".log.old"))
        settings = {**_SETTINGS, "unix_socket_directories": str(self.socket_directory)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        start = ("start", f"--log={self._log.name}", f"--options={shlex.join(options)}")
        problem = self._control(*start, seconds=_START_SECONDS)
        # It may be that another start, whose owner was killed meanwhile, came first.
        if problem and not self._postmaster.is_running():
            raise self._failure("did not start", problem)

    def _control(self, command: str, *options: str, seconds: int) -> str:
        """Run pg_ctl, which puts the server in a session of its own, out of reach of a Ctrl-C.

        It hands the path to a shell with too few quotes, hence the relative one. Gives what it
        has to say where it fails.
        """
        wait = ("--wait", f"--timeout={seconds}", "--pgdata=.")
        done = self.programs.run_as_server(*("pg_ctl", command, *options, *wait), cwd=self.data, seconds=seconds + 10)
        return done.stderr or "pg_ctl failed" if done.returncode else ""

    def _ask(self, directory: Path) -> _Answer:
        if not self._postmaster.pid_file.exists():
            return _Answer.NONE  # whoever answers serves a directory that was deleted
        done = self.programs.run_client(
            *("pg_isready", "--quiet", f"--host={directory}", f"--port={PORT}", "--timeout=10")
        )
        return _ANSWERS.get(done.returncode, _Answer.NONE)

    @property
    def _postmaster(self) -> Postmaster:
        return Postmaster(data=self.data, default_socket_directory=self.socket_directory)

    @property
    def _log(self) -> Path:
        return self.data / "server.log"

    def _failure(self, what: str, problem: str) -> EmbeddedPostgresError:
        log = self._log.read_text(errors="replace") if self._log.exists() else ""
        return EmbeddedPostgresError(
            f"PostgreSQL on {self.data} {what}. The end of its log, {self._log}:\n"
            f"{last_lines(log or problem)}\n"
            "Put right what it names and try again; your data is where it was."
        )
