"""A job from its row to its end, by a whole worker."""

import asyncio

import pytest
import structlog

from application.jobs.transport import Transport
from domain.jobs.job import Asker, JobStatus, Progress, Queue
from tests.contracts.jobs.jobs import a_job, add, read, save
from tests.worker.play import OLD_KINDS, Plays, Stage
from tests.worker.workers import LEASE, becomes, sql, told, working
from tests.world import World

pytestmark = [pytest.mark.postgres, pytest.mark.storage]


async def test_runs_in_the_site_and_in_the_name_of_who_asked(world: World, stage: Stage) -> None:
    site = await world.site()
    asker = Asker(label="ada", request_id="r-7")
    async with working(world, stage):
        job = await add(world, a_job(world, name="play", asker=asker, arguments={"text": "hello"}), site)
        done = await becomes(world, job, JobStatus.SUCCEEDED)
    assert done.result == {"site": site.schema.name, "caller": "ada", "request_id": "r-7"}
    assert (done.attempts, done.error, stage.done) == (1, None, ["hello"])


async def test_what_waits_already_is_done_and_what_others_wait_for_too(world: World, stage: Stage) -> None:
    sites = [await world.site(f"s{number}") for number in range(3)]
    jobs = [
        await add(world, a_job(world, name="play", arguments={"text": f"{number} of {site.slug}"}), site)
        for number in range(10)
        for site in sites
    ]
    other = Stage()
    async with working(world, stage), working(world, other):
        for job in jobs:
            await becomes(world, job, JobStatus.SUCCEEDED)
    assert sorted(stage.done + other.done) == sorted(job.arguments["text"] for job in jobs)


async def test_who_looks_sees_how_far_it_is(world: World, stage: Stage) -> None:
    async with working(world, stage):
        job = await add(world, a_job(world, name="wait"))
        halfway = Progress(done=1, total=2, note="waiting")
        await becomes(world, job, JobStatus.RUNNING, lambda one: one.progress == halfway)
        stage.go.set()
        assert (await becomes(world, job, JobStatus.SUCCEEDED)).progress == halfway


async def test_what_fails_is_tried_again_and_dies_after_its_last_attempt(world: World, stage: Stage) -> None:
    async with working(world, stage):
        job = await add(world, a_job(world, name="stumble"))
        dead = await becomes(world, job, JobStatus.DEAD)
        assert (dead.attempts, dead.error) == (3, "not yet")
        stage.go.set()
        await save(world, dead.retry(at=world.clock()))
        assert (await becomes(world, job, JobStatus.SUCCEEDED)).attempts == 1


async def test_one_that_does_not_end_is_ended(world: World, stage: Stage) -> None:
    async with working(world, stage):
        job = await add(world, a_job(world, name="hang"))
        dead = await becomes(world, job, JobStatus.DEAD)
    assert "took longer" in str(dead.error)


async def test_a_doubled_delivery_does_the_work_once(world: World, stage: Stage) -> None:
    async with working(world, stage) as worker:
        transport = await worker.container.get(Transport)
        jobs = [await add(world, a_job(world, name="play", arguments={"text": str(number)})) for number in range(20)]
        for _ in range(5):
            await transport.publish(Queue.REPORTS, [job.id for job in jobs])
        for job in jobs:
            assert (await becomes(world, job, JobStatus.SUCCEEDED)).attempts == 1
    assert sorted(stage.done) == sorted(str(number) for number in range(20))


async def test_a_cancelled_one_is_stopped(world: World, stage: Stage) -> None:
    async with working(world, stage):
        job = await add(world, a_job(world, name="wait", arguments={"text": "long"}))
        assert await told(stage.started) == "long"
        await save(world, (await read(world, job)).cancel(at=world.clock()))
        assert await told(stage.stopped) == "long"
    assert (await read(world, job)).status is JobStatus.CANCELLED
    assert stage.done == []


async def test_one_that_went_to_another_worker_is_stopped_and_not_written_down(world: World, stage: Stage) -> None:
    async with working(world, stage):
        job = await add(world, a_job(world, name="wait"))
        await told(stage.started)
        await sql(
            world,
            "update public.jobs set lease = gen_random_uuid(), lease_until = now() + interval '1 hour' where id = $1",
            job.id,
        )
        await told(stage.stopped)
        assert (await read(world, job)).status is JobStatus.RUNNING


async def test_one_that_runs_long_is_kept(world: World, stage: Stage) -> None:
    other = Stage()
    async with working(world, stage, concurrency=1), working(world, other, concurrency=1):
        job = await add(world, a_job(world, name="wait"))
        await becomes(world, job, JobStatus.RUNNING)
        await asyncio.sleep(3 * LEASE)  # the passing of time is what this is about
        stage.go.set()
        other.go.set()
        assert (await becomes(world, job, JobStatus.SUCCEEDED)).attempts == 1
    assert len(stage.done + other.done) == 1


async def test_one_of_another_release_waits_for_a_worker_that_knows_it(world: World, stage: Stage) -> None:
    async with working(world, stage, Plays(stage, OLD_KINDS)):
        job = await add(world, a_job(world, name="play", arguments={"text": "new"}))
        waiting = await becomes(world, job, JobStatus.PENDING, lambda one: one.started_at is not None)
        assert waiting.attempts == 0
    await save(world, (await read(world, job)).cancel(at=world.clock()).retry(at=world.clock()))
    async with working(world, stage):
        await becomes(world, job, JobStatus.SUCCEEDED)
    assert stage.done == ["new"]


async def test_who_does_not_dispatch_runs_what_others_send_out(world: World, stage: Stage) -> None:
    async with working(world, stage, dispatches=False):
        job = await add(world, a_job(world, name="play"))
        await asyncio.sleep(1.5)  # longer than a dispatcher would rest
        assert (await read(world, job)).status is JobStatus.PENDING
        idle = Stage()
        async with working(world, idle, concurrency=1):
            await becomes(world, job, JobStatus.SUCCEEDED)
    assert len(stage.done + idle.done) == 1


async def test_every_line_of_the_log_says_whose_job_it_was(world: World, stage: Stage) -> None:
    site = await world.site()
    heard = structlog.testing.LogCapture()
    kept = structlog.get_config()["processors"]
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, heard])
    try:
        async with working(world, stage):
            asker = Asker(label="ada", request_id="r-9")
            job = await add(world, a_job(world, name="play", asker=asker), site)
            await becomes(world, job, JobStatus.SUCCEEDED)
    finally:
        structlog.configure(processors=kept)
    [line] = [one for one in heard.entries if one["event"] == "job succeeded"]
    assert (line["job"], line["job_id"], line["site"]) == ("play", str(job.id), site.slug)
    assert (line["request_id"], line["attempt"]) == ("r-9", 1)
