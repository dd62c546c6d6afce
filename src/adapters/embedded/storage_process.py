"""What is noted about the running object store, and what is left of a killed one."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

_STOP_SECONDS: Final = 20.0
_POLL_SECONDS: Final = 0.02
_DRAFTS: Final = ".rclone_*"
"""Bytes that were arriving: never acknowledged to anybody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageProcess:
    """The rclone that serves `data` to holders of a key, running or not. `note` is a file about it."""

    data: Path
    note: Path
    key_id: str

    def port(self) -> int | None:
        """Where it listens; None if it does not run or does not listen yet."""
        process = self.find()
        if process is None:
            return None
        with suppress(psutil.Error):
            listening = [one for one in process.net_connections("tcp") if one.status == psutil.CONN_LISTEN]
            return next((int(one.laddr.port) for one in listening if one.laddr), None)
        return None

    def find(self) -> psutil.Process | None:
        """None as well for one that was started with another key, or whose starter was killed before noting it."""
        try:
            noted = json.loads(self.note.read_text())
            process = psutil.Process(int(noted["pid"]))
            is_it = noted["key_id"] == self.key_id and abs(process.create_time() - float(noted["created"])) < 1
        except (FileNotFoundError, ValueError, KeyError, TypeError, psutil.Error):
            return None
        return process if is_it and (self._is_ours(process) or _is_between(process)) else None

    def write_note(self, pid: int) -> None:
        draft = self.note.with_suffix(".new")
        with suppress(psutil.NoSuchProcess):
            created = psutil.Process(pid).create_time()
            draft.write_text(json.dumps({"pid": pid, "created": created, "key_id": self.key_id}))
            draft.replace(self.note)

    def left_remains(self) -> bool:
        return self.note.exists() or next(self._all(), None) is not None

    def clear_remains(self) -> None:
        self.stop()
        self.note.unlink(missing_ok=True)
        for draft in self.data.rglob(_DRAFTS):
            draft.unlink(missing_ok=True)

    def stop(self) -> None:
        """In order, and if that takes too long, at once: what it has acknowledged is on the disk."""
        found = self.find()
        for process in {*self._all(), *([found] if found else ())}:
            with suppress(psutil.NoSuchProcess):
                process.terminate()
                _wait(process)
            with suppress(psutil.NoSuchProcess):
                process.kill()
                _wait(process)
        self.note.unlink(missing_ok=True)

    def _all(self) -> Iterator[psutil.Process]:
        return (process for process in psutil.process_iter() if self._is_ours(process))

    def _is_ours(self, process: psutil.Process) -> bool:
        """So is the shell that is about to become it. A zombie has no command line, and is none."""
        try:
            words = process.cmdline()
        except psutil.Error:
            return False
        wanted = ["serve", "s3", os.fspath(self.data)]
        return any(words[at : at + 3] == wanted for at in range(len(words) - 2))


def _is_between(process: psutil.Process) -> bool:
    """While one program takes the place of another, a process has no command line for a moment."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE and not process.cmdline()
    except psutil.Error:
        return False


def _wait(process: psutil.Process) -> None:
    """Also for one that is not our child, and whose parent leaves it a zombie."""
    deadline = time.monotonic() + _STOP_SECONDS
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
