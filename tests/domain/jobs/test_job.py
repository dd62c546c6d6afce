from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.jobs.job import (
    ENDED,
    LONGEST_ERROR,
    WAITING,
    Asker,
    Job,
    JobId,
    JobStatus,
    JobStatusError,
    Progress,
    Queue,
    Retries,
)

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
THREE = Retries(attempts=3, first=timedelta(seconds=10), longest=timedelta(seconds=30))


def a_job(**changes: Any) -> Job:
    job = Job(
        id=JobId(UUID(int=1)),
        name="count_sheep",
        queue=Queue.TENANT_TASKS,
        asker=Asker(label="ada", request_id="r-1"),
        created_at=NOW,
        run_at=NOW,
    )
    return replace(job, **changes)


def test_one_that_waits_is_started() -> None:
    assert a_job(progress=Progress(done=3)).start(at=LATER) == a_job(
        status=JobStatus.RUNNING, attempts=1, started_at=LATER
    )


@pytest.mark.parametrize("status", sorted(set(JobStatus) - WAITING))
def test_one_that_runs_or_has_ended_is_not_started(status: JobStatus) -> None:
    with pytest.raises(JobStatusError):
        a_job(status=status).start(at=LATER)


def test_success_forgets_the_error_of_the_attempt_before() -> None:
    done = a_job(error="the server was away").start(at=NOW).succeed({"sheep": 3}, at=LATER)
    assert (done.status, done.error, done.result, done.finished_at) == (
        JobStatus.SUCCEEDED,
        None,
        {"sheep": 3},
        LATER,
    )


def test_what_failed_is_tried_again_after_a_pause() -> None:
    failed = a_job().start(at=NOW).fail("no", THREE, at=NOW, chance=1.0)
    assert (failed.status, failed.error, failed.run_at, failed.finished_at) == (
        JobStatus.FAILED,
        "no",
        NOW + timedelta(seconds=10),
        None,
    )


def test_it_is_dead_after_the_last_attempt() -> None:
    job = a_job()
    for status in (JobStatus.FAILED, JobStatus.FAILED, JobStatus.DEAD):
        job = job.start(at=NOW).fail("no", THREE, at=NOW, chance=0.0)
        assert job.status is status
    assert (job.attempts, job.finished_at) == (3, NOW)


def test_what_no_attempt_can_change_is_dead_at_once() -> None:
    assert a_job().start(at=NOW).fail("no", THREE, at=NOW, chance=0.0, is_final=True).status is JobStatus.DEAD


def test_an_error_is_kept_short() -> None:
    failed = a_job().start(at=NOW).fail("x" * 10_000, THREE, at=NOW, chance=0.0)
    assert failed.error == "x" * LONGEST_ERROR


@given(attempt=st.integers(1, 10_000), chance=st.floats(0, 1))
def test_pauses_double_up_to_the_longest_and_are_spread(attempt: int, chance: float) -> None:
    whole = min(10 * 2 ** min(attempt - 1, 10), 30)
    assert whole / 2 <= THREE.pause(attempt, chance=chance).total_seconds() <= whole


def test_what_is_handed_back_waits_and_the_attempt_does_not_count() -> None:
    back = a_job().start(at=NOW).hand_back(at=LATER, pause=timedelta(seconds=5))
    assert (back.status, back.attempts, back.run_at) == (JobStatus.PENDING, 0, LATER + timedelta(seconds=5))


@pytest.mark.parametrize("status", sorted(set(JobStatus) - ENDED))
def test_one_that_has_not_ended_can_be_cancelled(status: JobStatus) -> None:
    cancelled = a_job(status=status).cancel(at=LATER)
    assert (cancelled.status, cancelled.finished_at) == (JobStatus.CANCELLED, LATER)


@pytest.mark.parametrize("status", sorted(ENDED))
def test_one_that_has_ended_cannot(status: JobStatus) -> None:
    with pytest.raises(JobStatusError):
        a_job(status=status).cancel(at=LATER)


def test_a_retry_begins_anew() -> None:
    dead = a_job().start(at=NOW).fail("no", THREE, at=NOW, chance=0.0, is_final=True)
    assert dead.retry(at=LATER) == a_job(run_at=LATER, started_at=NOW)


@pytest.mark.parametrize("status", [JobStatus.PENDING, JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.SUCCEEDED])
def test_what_is_on_its_way_or_succeeded_is_not_retried(status: JobStatus) -> None:
    with pytest.raises(JobStatusError):
        a_job(status=status).retry(at=LATER)


def test_what_succeeded_can_forget_what_it_took_and_nothing_else_can() -> None:
    done = a_job(arguments={"sealed": "k1.x"}).start(at=NOW).succeed(None, at=LATER)
    assert done.without_arguments() == replace(done, arguments={})
    for status in set(JobStatus) - {JobStatus.SUCCEEDED}:
        with pytest.raises(JobStatusError, match="left without its arguments"):
            a_job(status=status).without_arguments()
