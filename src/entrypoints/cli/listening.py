"""Whether the port is free, and if not, who has it."""

import errno
import socket
import sys
import time
from collections.abc import Callable
from typing import Final

import psutil

from entrypoints.cli.console import UserError
from entrypoints.settings import Settings

_LEAVING_SECONDS: Final = 5.0
_FORKED: Final = "--multiprocessing-fork"
"""In the command line of a worker, where workers are not forked but started anew."""


def require_free_port(settings: Settings, report: Callable[[str], None]) -> None:
    """Raise `UserError` if nobody can listen there. What a killed run of ours left over is ended."""
    error = _refused(settings)
    if error is None:
        return
    holder = _holder(settings.port) if error.errno == errno.EADDRINUSE else None
    if holder is not None and _is_left_over(holder):
        report(f"ending process {holder.pid}, left over from a killed run")
        _end(holder)
        error = _refused(settings)
    if error is not None:
        raise UserError(_told(settings, error, holder)) from error


def _refused(settings: Settings) -> OSError | None:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            return error
    return None


def _holder(port: int) -> psutil.Process | None:
    """None as well where we may not know."""
    try:
        sockets = [one for one in psutil.net_connections("tcp") if one.status == psutil.CONN_LISTEN and one.pid]
        return next((psutil.Process(one.pid) for one in sockets if getattr(one.laddr, "port", 0) == port), None)
    except psutil.Error:
        return None


def _is_ours(process: psutil.Process | None) -> bool:
    try:
        words = process.cmdline() if process else []
    except psutil.Error:
        return False
    return any(word.endswith("/taruvi") for word in words[:2]) or (words[:1] == [sys.executable] and _FORKED in words)


def _is_left_over(holder: psutil.Process) -> bool:
    """A worker of ours whose parent, which would be of ours too, is gone."""
    try:
        return _is_ours(holder) and not _is_ours(holder.parent()) and not holder.children()
    except psutil.Error:
        return False


def _end(worker: psutil.Process) -> None:
    """It is leaving by itself already (`entrypoints.server`), unless it hangs."""
    deadline = time.monotonic() + _LEAVING_SECONDS
    while worker.is_running() and time.monotonic() < deadline:
        time.sleep(0.05)
    if worker.is_running():
        worker.kill()
        worker.wait(_LEAVING_SECONDS)


def _told(settings: Settings, error: OSError, holder: psutil.Process | None) -> str:
    place = f"cannot listen on {settings.host}:{settings.port}"
    if error.errno != errno.EADDRINUSE:
        return f"{place}: {error.strerror}. Set TARUVI_HOST and TARUVI_PORT to an address of this machine."
    who = "something else"
    if holder is not None:
        who = "a Taruvi that runs already" if _is_ours(holder) else holder.name()
        who += f" (process {holder.pid})"
    return f"{place}: {who} uses it. Stop that, or set TARUVI_PORT to another port."
