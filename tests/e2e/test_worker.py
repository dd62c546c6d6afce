"""Workers as processes: killed, told to stop, told more than once."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from domain.jobs.job import Job, JobStatus
from tests.cli.conftest import TARUVI, environment
from tests.contracts.jobs.conftest import empty_queues
from tests.contracts.jobs.jobs import a_job, add, read
from tests.embedded.processes import until
from tests.worker.workers import becomes
from tests.world import World, postgres_world

pytestmark = [pytest.mark.e2e, pytest.mark.postgres, pytest.mark.storage]
__all__ = ["empty_queues"]
ROOT = Path(__file__).parents[2]
Start = Callable[..., "Process"]


class Process:
    def __init__(self, place: Path, number: int, command: list[Any], variables: dict[str, str]) -> None:
        self._said = place / f"said-{number}"
        with self._said.open("w") as said:
            self.popen = subprocess.Popen(
                command, stdout=said, stderr=said, cwd=ROOT, env=environment(place) | variables, start_new_session=True
            )

    @property
    def said(self) -> str:
        return self._said.read_text()


@pytest.fixture
async def world(database_url: str, storage_url: str) -> AsyncIterator[World]:
    async with postgres_world(database_url, storage_url=storage_url) as world:
        yield world


@pytest.fixture
def start(tmp_path: Path, world: World) -> Iterator[Start]:
    """Start a worker; what is left of them is killed."""
    started: list[Process] = []

    def start_one(*command: Any, **variables: str) -> Process:
        given = {
            "TARUVI_DATABASE_URL": world.settings.database_url,
            "TARUVI_STORAGE_URL": world.settings.storage_url,
            "TARUVI_JOB_LEASE_SECONDS": "3",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
            **variables,
        }
        run = list(command) or [sys.executable, "-m", "tests.worker.script"]
        started.append(Process(tmp_path, len(started), run, given))
        return started[-1]

    yield start_one
    for one in started:
        one.popen.kill()
        one.popen.wait()


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """Where jobs say what they do."""
    (tmp_path / "board").mkdir()
    return tmp_path / "board"


def marks(board: Path, kind: str) -> list[str]:
    return sorted(path.name for path in board.glob(f"{kind}-*"))


async def chalk(world: World, board: Path) -> Job:
    return await add(world, a_job(world, name="chalk", arguments={"folder": str(board)}))


async def started(board: Path, number: int = 1) -> None:
    await asyncio.to_thread(until, lambda: len(marks(board, "started")) >= number, seconds=60)


async def ended(process: Process) -> int:
    return await asyncio.to_thread(process.popen.wait, 60)


async def test_a_job_of_a_killed_worker_runs_on_another_one(world: World, start: Start, board: Path) -> None:
    first = start()
    job = await chalk(world, board)
    await started(board)
    second = start()
    first.popen.kill()
    (board / "go").touch()
    done = await becomes(world, job, JobStatus.SUCCEEDED)
    assert done.attempts == 2
    assert marks(board, "done") == [f"done-{second.popen.pid}"]


async def test_it_lets_its_jobs_finish_however_often_it_is_told_to_stop(
    world: World, start: Start, board: Path
) -> None:
    worker = start()
    job = await chalk(world, board)
    await started(board)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGTERM, signal.SIGTERM):
        worker.popen.send_signal(number)
    await asyncio.to_thread(until, lambda: "waiting for jobs to finish" in worker.said, seconds=20)
    (board / "go").touch()
    assert await ended(worker) == 0, worker.said
    assert "gone in peace" in worker.said
    assert (await read(world, job)).status is JobStatus.SUCCEEDED


async def test_what_does_not_finish_is_handed_back(world: World, start: Start, board: Path) -> None:
    worker = start(TARUVI_WORKER_GRACE_SECONDS="0")
    job = await chalk(world, board)
    await started(board)
    worker.popen.terminate()
    assert await ended(worker) == 0, worker.said
    waiting = await read(world, job)
    assert (waiting.status, waiting.attempts) == (JobStatus.PENDING, 0)
    start()
    (board / "go").touch()
    assert (await becomes(world, job, JobStatus.SUCCEEDED)).attempts == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_command_says_what_it_does_and_ends_well(world: World, start: Start, number: signal.Signals) -> None:
    worker = start(TARUVI, "worker", "--queue", "emails", "--queue", "reports", "--concurrency", "3")
    await asyncio.to_thread(until, lambda: "running jobs of emails, reports, 3 at once" in worker.said, seconds=60)
    job = await add(world, a_job(world, name="unheard_of"))
    await becomes(world, job, JobStatus.PENDING, lambda one: one.started_at is not None)
    worker.popen.send_signal(number)
    assert await ended(worker) == 0, worker.said
    assert "stopped; no job is lost" in worker.said
    assert not psutil.pid_exists(worker.popen.pid)
