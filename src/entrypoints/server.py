"""The HTTP server: processes, each with the whole application."""

import asyncio
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from granian import _signals
from granian._granian import WorkerSignal
from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from granian.server.mp import MPServer

from entrypoints.settings import Settings

GRACE: Final = 35
"""Seconds that a worker has for the requests it is serving: no statement takes longer than 30."""
_ALONE: Final = 2.0
_STOPPING: Final = (signal.SIGINT, signal.SIGTERM)
_LOGS: Final[dict[str, Any]] = {"loggers": {"_granian": {"handlers": [], "propagate": True}}}
"""The server's own lines go the way of all others (`entrypoints.logging`)."""


def make_server(settings: Settings, *, grace: int = GRACE) -> MPServer:
    """`settings.workers` processes; `serve` returns after SIGINT or SIGTERM and `grace` seconds at most.

    A worker that dies is replaced; `SystemExit` where one dies again and again.
    """
    os.register_at_fork(after_in_child=_die_at_signals)
    return MPServer(
        "entrypoints.http.main:serve_app",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        workers=settings.workers,
        loop=Loops.uvloop,
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=_LOGS,
        respawn_failed_workers=True,
        workers_kill_timeout=grace,
    )


def bind_to_parent() -> None:
    """Called in a worker: out of a terminal's reach, for its parent stops it; but gone when its parent is.

    A parent that was killed cannot stop anybody, and a worker left over would hold the port.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    os.setpgid(0, 0)
    threading.Thread(target=_leave_after, args=(parent,), daemon=True).start()


def heed_one_signal() -> None:
    """Called in a worker before it serves: the first SIGTERM or SIGINT stops it, and no other one counts.

    With granian 2.8's own handlers a second signal, as systemd sends it to each process of a service, hangs
    the worker for good: `WorkerSignal.set` waits for a lock that its first call holds.
    """
    _signals.set_loop_signals = _set_loop_signals


def at_first_signal(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    """Call `stop` in the loop, once, at the first SIGTERM or SIGINT.

    One that comes while the loop stands still, as between startup and service, waits for the next run:
    uvloop's own `add_signal_handler` loses it.
    """
    heeded = threading.Event()

    def heed() -> None:
        if not heeded.is_set():
            heeded.set()
            stop()

    for number in _STOPPING:
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(heed))


def _die_at_signals() -> None:
    """In a child that is just forked: until it serves, there is nothing to wind up.

    The parent's handlers, which came along, would note the signal in a copy of the parent's server, and lose it.
    """
    for number in _STOPPING:
        signal.signal(number, signal.SIG_DFL)


def _set_loop_signals(loop: asyncio.AbstractEventLoop) -> WorkerSignal:
    event = WorkerSignal()
    at_first_signal(loop, event.set)
    return event


def _leave_after(parent: Any) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_ALONE)
    os._exit(1)
