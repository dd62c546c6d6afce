import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from adapters.background.runner import BackgroundRunner
from application.shared.background import NotNowError

Work = Callable[[], Awaitable[None]]


class Job:
    """Fails so often, then succeeds."""

    def __init__(self, fails: int = 0, error: Exception | None = None) -> None:
        self.calls = 0
        self.called = asyncio.Event()
        self._fails = fails
        self._error = error or NotNowError("the server is away")

    async def __call__(self) -> None:
        self.calls += 1
        self.called.set()
        if self.calls <= self._fails:
            raise self._error


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]


async def test_work_is_done_beside_whoever_starts_it() -> None:
    runner, job = BackgroundRunner(), Job()
    runner.start("job", job)
    assert job.calls == 0
    await runner.settle()
    assert job.calls == 1


async def test_what_fails_is_tried_again_after_each_pause(caplog: pytest.LogCaptureFixture) -> None:
    runner, job = BackgroundRunner(pauses=(0, 0)), Job(fails=2)
    runner.start("job", job)
    await runner.settle()
    assert job.calls == 3
    assert errors(caplog) == ["job failed: the server is away"] * 2


async def test_what_fails_for_good_is_told(caplog: pytest.LogCaptureFixture) -> None:
    runner, job = BackgroundRunner(pauses=(0,)), Job(fails=99)
    runner.start("job", job)
    await runner.settle()
    assert job.calls == 2
    assert errors(caplog)[-1] == "job was given up"


async def test_a_defect_is_logged_with_its_traceback_and_harms_nobody_else(caplog: pytest.LogCaptureFixture) -> None:
    runner, job = BackgroundRunner(pauses=()), Job()
    runner.start("defect", Job(fails=1, error=ZeroDivisionError("oh")))
    runner.start("job", job)
    await runner.settle()
    assert job.calls == 1
    assert any(record.exc_info and record.exc_info[0] is ZeroDivisionError for record in caplog.records)


async def test_settling_waits_for_what_work_leads_to() -> None:
    runner, job = BackgroundRunner(), Job()

    async def start_another() -> None:
        runner.start("job", job)

    runner.start("first", start_another)
    await runner.settle()
    assert job.calls == 1


async def test_more_than_there_is_room_for_is_told(caplog: pytest.LogCaptureFixture) -> None:
    runner, first, second = BackgroundRunner(most=1), Job(), Job()
    runner.start("first", first)
    runner.start("second", second)
    await runner.settle()
    assert (first.calls, second.calls) == (1, 0)
    assert errors(caplog) == ["second was not done: 1 wait already"]


async def test_so_many_at_once_and_no_more() -> None:
    runner, running, most = BackgroundRunner(at_once=2), 0, 0

    async def work() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    for _ in range(6):
        runner.start("job", work)
    await runner.settle()
    assert most == 2


async def test_a_pause_keeps_nobody_else_from_their_turn() -> None:
    runner, failing, job = BackgroundRunner(at_once=1, pauses=(3600,)), Job(fails=1), Job()
    runner.start("failing", failing)
    runner.start("job", job)
    await job.called.wait()
    await runner.close(seconds=5)
    assert failing.calls == 2


async def test_closing_ends_pauses_with_one_last_try(caplog: pytest.LogCaptureFixture) -> None:
    runner, job = BackgroundRunner(pauses=(3600, 3600)), Job(fails=99)
    runner.start("job", job)
    await job.called.wait()
    await runner.close(seconds=5)
    assert job.calls == 2
    assert errors(caplog)[-1] == "job was given up"


async def test_closing_does_not_wait_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    runner, never = BackgroundRunner(), asyncio.Event()
    runner.start("endless", lambda: _wait(never))
    await runner.close(seconds=0.01)
    assert errors(caplog) == ["endless was not done: the process ended"]


async def _wait(event: asyncio.Event) -> None:
    await event.wait()
