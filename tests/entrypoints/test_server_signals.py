import asyncio
import os
import signal
from collections.abc import Iterator

import pytest
import uvloop

from entrypoints.server import at_first_signal

STOPPING = (signal.SIGINT, signal.SIGTERM)


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A worker's loop; the handlers of the test's own process are put back."""
    before = {number: signal.getsignal(number) for number in STOPPING}
    loop = uvloop.new_event_loop()
    yield loop
    loop.close()
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", STOPPING)
def test_a_signal_between_two_runs_of_the_loop_is_heeded_once(
    loop: asyncio.AbstractEventLoop, number: signal.Signals
) -> None:
    """Between startup and service the loop stands still."""
    heard: list[str] = []
    at_first_signal(loop, lambda: heard.append("stop"))
    loop.run_until_complete(asyncio.sleep(0))
    os.kill(os.getpid(), number)
    assert heard == []
    for _ in range(2):
        loop.run_until_complete(asyncio.sleep(0.01))
        assert heard == ["stop"]
        os.kill(os.getpid(), number)
