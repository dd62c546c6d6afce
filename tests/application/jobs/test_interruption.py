from datetime import UTC, datetime, timedelta
from uuid import uuid4

from application.files.discard_uploads import DiscardUploads
from application.jobs.interruption import Interruption
from application.jobs.kinds import JobKind, JobKinds
from domain.jobs.job import Asker, Job, JobId, JobStatus, Queue, Retries

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
TWICE = JobKind(use_case=DiscardUploads, queue=Queue.MAINTENANCE, retries=Retries(attempts=2))
interruption = Interruption(kinds=JobKinds((TWICE,)), clock=lambda: NOON, chance=lambda: 1.0)


def a_running_job(*, attempts: int, name: str = TWICE.name) -> Job:
    return Job(
        id=JobId(uuid4()),
        name=name,
        queue=Queue.MAINTENANCE,
        asker=Asker(label="", request_id=""),
        created_at=NOON,
        run_at=NOON,
        status=JobStatus.RUNNING,
        attempts=attempts,
    )


def test_a_job_whose_worker_was_lost_is_tried_again_after_a_pause() -> None:
    job = interruption(a_running_job(attempts=1))
    assert (job.status, job.attempts, job.run_at) == (JobStatus.FAILED, 1, NOON + timedelta(seconds=5))
    assert job.error == "its worker was lost while it ran"


def test_one_that_ends_each_of_its_workers_does_not_do_so_for_ever() -> None:
    assert interruption(a_running_job(attempts=2)).status is JobStatus.DEAD


def test_one_of_another_release_is_recovered_too() -> None:
    assert interruption(a_running_job(attempts=2, name="unheard_of")).status is JobStatus.FAILED
