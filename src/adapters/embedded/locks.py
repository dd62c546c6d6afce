"""Locks between processes, on files: the kernel takes them back however their holder dies."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.embedded.errors import EmbeddedError

_POLL_SECONDS = 0.05


def _open(path: Path) -> int:
    return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)


def _try(file: int, kind: int) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def only_one(path: Path, *, what: str, seconds: float, report: Callable[[str], None]) -> Iterator[int]:
    """Hold the lock at `path` alone, to start or stop `what`. A child with the descriptor given prolongs it."""
    file = _open(path)
    try:
        deadline = time.monotonic() + seconds
        if not _try(file, fcntl.LOCK_EX):
            report(f"waiting for another process that starts or stops {what}")
            while not _try(file, fcntl.LOCK_EX):
                if time.monotonic() > deadline:
                    raise EmbeddedError(
                        f"Another process has held {path} for {seconds:.0f} s, starting or "
                        f"stopping {what}. `fuser {path}` names it: end it and try again."
                    )
                time.sleep(_POLL_SECONDS)
        yield file
    finally:
        os.close(file)


class Presence:
    """One user of what is shared, among others. Join and leave while holding `only_one`."""

    def __init__(self, path: Path) -> None:
        self._file = _open(path)
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Go; true if nobody else is left."""
        try:
            return _try(self._file, fcntl.LOCK_EX)
        finally:
            # A forked worker shares the descriptor: closing ours alone would leave it locked.
            fcntl.flock(self._file, fcntl.LOCK_UN)
            os.close(self._file)
