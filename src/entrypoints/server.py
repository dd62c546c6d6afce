"""The HTTP server: processes, each with the whole application."""

import asyncio
import multiprocessing
import os
import signal
import threading
import time
from typing import Any, Final

from granian.constants import Interfaces, Loops
from granian.log import LogLevels
from granian.server.mp import MPServer

from entrypoints.settings import Settings

GRACE: Final = 35
"""Seconds that a worker has for the requests it is serving: no statement takes longer than 30."""
_ALONE: Final = 2.0
_LOGS: Final[dict[str, Any]] = {"loggers": {"_granian": {"handlers": [], "propagate": True}}}
"""The server's own lines go the way of all others (`entrypoints.logging`)."""


def make_server(settings: Settings, *, grace: int = GRACE) -> MPServer:
    """`settings.workers` processes; `serve` returns after SIGINT or SIGTERM and `grace` seconds at most.

    A worker that dies is replaced; `SystemExit` where one dies again and again.
    """
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


async def heed_one_signal() -> None:
    """Called in a worker that has started: from then on the first SIGTERM counts, and no other one.

    A second signal, as systemd sends it to each process of a service, would hang the worker for good:
    granian 2.8 waits in its handler for a lock that its first call holds. Its handler stays at SIGINT.
    """
    loop = asyncio.get_running_loop()

    def stop() -> None:
        loop.add_signal_handler(signal.SIGTERM, lambda: None)
        signal.raise_signal(signal.SIGINT)

    loop.add_signal_handler(signal.SIGTERM, stop)


def _leave_after(parent: Any) -> None:
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_ALONE)
    os._exit(1)
