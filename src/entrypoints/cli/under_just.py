"""Stopping with `just`, when it alone is told to.

A terminal sends Ctrl-C to everybody in it. But `kill -INT` of `just` alone, as scripts and supervisors do it, ends
nothing: it catches the signal, tells its child nothing of it and waits for the child's end. What can be seen from
here is that it does something at all: while it waits it reads and writes nothing, and catching a signal writes a
byte to its own pipe.
"""

import os
import signal
import threading
import time
from typing import Final

import psutil

_SECONDS: Final = 0.25


def stop_with_just() -> None:
    """If this runs under `just`, interrupt this process as soon as `just` is interrupted or gone."""
    parents = psutil.Process().parents()
    just = next((parent for parent in parents[:2] if parent.name() == "just"), None)
    if just is not None and hasattr(just, "io_counters"):
        threading.Thread(target=_watch, args=(just,), daemon=True).start()


def _watch(just: psutil.Process) -> None:
    try:
        before = just.io_counters()
        while just.io_counters() == before:
            time.sleep(_SECONDS)
    except psutil.Error:  # gone, or nothing that we may look at: then there is nobody to follow
        if just.is_running():
            return
    os.kill(os.getpid(), signal.SIGINT)
