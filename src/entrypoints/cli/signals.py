import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_STOPPING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def stop_on_signals() -> None:
    """SIGINT, SIGTERM and SIGHUP end what runs with `KeyboardInterrupt`, so that it cleans up.

    SIGINT even where it is ignored, as in the background jobs of a script; SIGHUP not under `nohup`.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _interrupt)


def _interrupt(_: int, __: FrameType | None) -> None:
    """By way of SIGINT: asyncio has a better handler for that one while it runs."""
    signal.raise_signal(signal.SIGINT)


def ignore_signals() -> None:
    """From here on it ends by itself, and soon."""
    for number in _STOPPING:
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Stopping is not stopped: whoever presses Ctrl-C again waits for its end."""
    kept = {number: signal.getsignal(number) for number in _STOPPING}
    ignore_signals()
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
