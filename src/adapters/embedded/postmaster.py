"""What PostgreSQL's main process notes in the data directory, and what is left of a killed one."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

PORT = 5432  # only a part of the socket's name
_ORPHANS_SECONDS = 10
_NO_PID = 2**31 - 1  # larger than any system gives


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmaster:
    """The main process of the server of `data`, running or not."""

    data: Path
    default_socket_directory: Path

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def socket_directory(self) -> Path:
        """What the running server noted: it may have been started with another TMPDIR.

        In the copy of a cluster the note is about the server of the original.
        """
        _pid, noted_data, _start, _port, noted, *_ = [*_lines(self.pid_file), *[""] * 5]
        is_about_us = noted_data == str(self.data.resolve())
        return Path(noted) if is_about_us and noted else self.default_socket_directory

    def is_running(self) -> bool:
        pid = _pid(self.pid_file)
        try:
            return pid is not None and self._is_ours(psutil.Process(pid))
        except psutil.NoSuchProcess:
            return False

    def left_remains(self) -> bool:
        return self.pid_file.exists() or self._socket_lock.exists()

    def clear_remains(self) -> None:
        """Of a server that was killed: only what PostgreSQL's own recovery stumbles over."""
        self._end_orphans()
        if _blocks(self.pid_file):
            # Not removed: PostgreSQL shall still check the shared memory noted in it, and so
            # refuse to start beside a process that we may have overlooked.
            lines = [str(_NO_PID), *_lines(self.pid_file)[1:], ""]
            self.pid_file.write_text("\n".join(lines))
        if _blocks(self._socket_lock):
            self._socket_lock.unlink()

    @property
    def _socket_lock(self) -> Path:
        return self.default_socket_directory / f".s.PGSQL.{PORT}.lock"

    def _end_orphans(self) -> None:
        """Without a main process they are of no use, and losing them loses nothing committed."""
        orphans = [process for process in psutil.process_iter() if self._is_ours(process)]
        for orphan in orphans:
            with suppress(psutil.NoSuchProcess):
                orphan.kill()
        psutil.wait_procs(orphans, timeout=_ORPHANS_SECONDS)

    def _is_ours(self, process: psutil.Process) -> bool:
        """Where the answer is hidden from us, PostgreSQL's own check of shared memory is left."""
        try:
            if process.name() != "postgres":
                return False
            with suppress(psutil.AccessDenied):
                return Path(process.cwd()) == self.data.resolve()
            # Root in a container without CAP_SYS_PTRACE sees no folders of others.
            return f"unix_socket_directories={self.socket_directory}" in process.cmdline()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text().splitlines()
    except FileNotFoundError:
        return []


def _pid(file: Path) -> int | None:
    """The pid in a lock file of PostgreSQL's, or None where a power failure left none."""
    first = next(iter(_lines(file)), "")
    return abs(int(first)) if first.lstrip("-").isdecimal() else None


def _blocks(file: Path) -> bool:
    """PostgreSQL does not start where it finds an unreadable pid, or one in use by anybody."""
    pid = _pid(file)
    return file.exists() and (pid is None or psutil.pid_exists(pid))
