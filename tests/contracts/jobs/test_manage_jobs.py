"""Retrying and cancelling, by whom and when."""

from datetime import timedelta
from uuid import uuid4

import pytest

from application.jobs.cancel_job import CancelJob
from application.jobs.ports import JobLeases
from application.jobs.read_jobs import ShowJob
from application.jobs.retry_job import RetryJob
from application.jobs.views import JobView
from domain.jobs.job import Job, JobExistsError, JobNotFoundError, JobStatus, JobStatusError, LeaseId
from domain.shared.caller import Caller, NotPermittedError, Permission
from domain.tenancy.scope import Scope
from tests.contracts.jobs.asked_jobs import ANN, BEN, a_job, put, who
from tests.world import OPERATOR, PLATFORM, World

STEPS: tuple[type[RetryJob | CancelJob], ...] = (RetryJob, CancelJob)


async def take(
    world: World, step: type[RetryJob | CancelJob], job: Job, scope: Scope = PLATFORM, caller: Caller = OPERATOR
) -> JobView:
    async with world.acting(scope, caller) as container:
        await (await container.get(step))(job_id=job.id)
        return await (await container.get(ShowJob))(job_id=job.id)


async def test_a_cancelled_job_does_not_run_until_it_is_retried(world: World) -> None:
    job = a_job(world.clock(), name="discard_uploads", arguments={"keys": ()})
    await put(world, job)
    assert (await take(world, CancelJob, job)).status is JobStatus.CANCELLED
    await world.desk.run(job.id)
    again = await take(world, RetryJob, job)
    assert (again.status, again.attempts, again.finished_at) == (JobStatus.PENDING, 0, None)


async def test_a_running_job_that_is_cancelled_is_its_workers_no_more(world: World) -> None:
    job, lease = a_job(world.clock()), LeaseId(uuid4())
    await put(world, job)
    leases = await world.desk.worker.get(JobLeases)
    until = world.clock() + timedelta(minutes=1)
    running = await leases.claim(job.id, lease, worker="w", at=world.clock(), until=until)
    assert running
    cancelled = await take(world, CancelJob, job)
    assert cancelled.status is JobStatus.CANCELLED
    assert cancelled.finished_at
    assert await leases.extend({lease}, until=until) == frozenset()
    assert not await leases.finish(running.job.succeed(None, at=world.clock()), lease)


async def test_what_has_ended_is_not_cancelled_and_what_waits_is_not_retried(world: World) -> None:
    job = a_job(world.clock())
    await put(world, job)
    with pytest.raises(JobStatusError):
        await take(world, RetryJob, job)
    await take(world, CancelJob, job)
    with pytest.raises(JobStatusError):
        await take(world, CancelJob, job)


async def test_a_second_one_of_its_kind_is_not_retried_beside_the_first(world: World) -> None:
    unique = f"sweep-{world.suffix}"
    first, second = (a_job(world.clock(), unique=unique) for _ in range(2))
    await put(world, first)
    await take(world, CancelJob, first)
    await put(world, second)
    with pytest.raises(JobExistsError):
        await take(world, RetryJob, first)
    await take(world, CancelJob, second)
    assert (await take(world, RetryJob, first)).status is JobStatus.PENDING


@pytest.mark.parametrize("step", STEPS)
async def test_ones_own_need_no_permission_and_others_are_not_there(
    world: World, step: type[RetryJob | CancelJob]
) -> None:
    site, other = await world.site(), await world.site("other")
    job = a_job(world.clock(), user_id=ANN, name="make_report")
    await put(world, job, scope=site)
    if step is RetryJob:
        await take(world, CancelJob, job)
    for scope, caller, refusal in (
        (site, who(BEN), JobNotFoundError),
        (site, who(BEN, Permission.JOBS_VIEW), NotPermittedError),
        (other, who(BEN, *Permission), JobNotFoundError),
        (PLATFORM, who(ANN), JobNotFoundError),
    ):
        with pytest.raises(refusal):
            await take(world, step, job, scope, caller)
    await take(world, step, job, site, who(ANN))


@pytest.mark.parametrize("name", ["back_up_site", "discard_site", "of_another_release"])
async def test_what_does_not_ask_again_what_its_asker_may_is_not_theirs_to_retry(world: World, name: str) -> None:
    """Who might ask for it once would have it done long after they were shown the door."""
    job = a_job(world.clock(), user_id=ANN, name=name)
    await put(world, job)
    await take(world, CancelJob, job, caller=who(ANN))
    with pytest.raises(NotPermittedError):
        await take(world, RetryJob, job, caller=who(ANN))
    await take(world, RetryJob, job, caller=who(BEN, Permission.JOBS_MANAGE))


@pytest.mark.parametrize("step", STEPS)
async def test_who_manages_jobs_needs_no_other_permission(world: World, step: type[RetryJob | CancelJob]) -> None:
    job = a_job(world.clock(), user_id=ANN)
    await put(world, job, scope=await world.site())
    if step is RetryJob:
        await take(world, CancelJob, job)
    await take(world, step, job, PLATFORM, who(BEN, Permission.JOBS_MANAGE))
