"""The scheduler as a process."""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest

from tests.cli.conftest import TARUVI, Cli, environment

pytestmark = pytest.mark.postgres


@contextmanager
def a_scheduler(home: Path, url: str) -> Iterator[subprocess.Popen[bytes]]:
    variables = environment(home, TARUVI_DATABASE_URL=url)
    process = subprocess.Popen([TARUVI, "scheduler"], env=variables, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(cli: Cli, words: str, *command: str) -> str:
    """What the command says once these words are in it."""
    deadline = time.monotonic() + 30
    while words not in (said := cli(*command).stdout):
        assert time.monotonic() < deadline, said
        time.sleep(0.1)
    return said


@pytest.fixture
def fresh(bare_cli: Cli, empty_database_url: str) -> Cli:
    """On a database of its own that is not migrated."""
    return partial(bare_cli, TARUVI_DATABASE_URL=empty_database_url)


def test_waits_for_the_database_brings_what_is_built_in_fires_within_seconds_and_ends_in_order(
    fresh: Cli, tmp_path: Path, empty_database_url: str
) -> None:
    with a_scheduler(tmp_path, empty_database_url) as first, a_scheduler(tmp_path, empty_database_url) as second:
        assert fresh("migrate").returncode == 0
        assert "purge-jobs" in until(fresh, "purge-jobs", "schedules", "list")
        name = f"soon-{uuid4().hex[:8]}"
        assert fresh("schedules", "create", name, "--job", "purge_jobs", "--every", "1").returncode == 0
        until(fresh, "purge_jobs", "jobs", "list")
        for process in (first, second):
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0
    jobs = [line for line in fresh("jobs", "list").stdout.splitlines() if "purge_jobs" in line]
    assert len(jobs) == 1, "two schedulers add one, and no second while it has not ended"
