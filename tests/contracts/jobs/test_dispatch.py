"""Whose turn it is."""

from datetime import timedelta

import pytest

from application.jobs.ports import DispatchLimits, JobDispatch
from domain.jobs.job import JobStatus, Queue, Retries
from tests.contracts.jobs.jobs import LIMITS, a_job, add, leases, read, running, save, status, take
from tests.contracts.jobs.sites import CLOSINGS, Closing, delete, resume, suspend
from tests.world import World


async def dispatch_of(world: World) -> JobDispatch:
    found: JobDispatch = await world.desk.worker.get(JobDispatch)
    return found


async def test_takes_what_is_due_of_its_queue_and_says_when_more_is(world: World) -> None:
    due = await add(world, a_job(world))
    await add(world, a_job(world, queue=Queue.EMAILS))
    assert await take(world) == [due.id]
    assert await status(world, due) is JobStatus.QUEUED
    later = await add(world, a_job(world, run_at=world.clock() + timedelta(seconds=5)))
    taken = await (await dispatch_of(world)).take(Queue.REPORTS, LIMITS, at=world.clock())
    assert (list(taken.job_ids), taken.next_due) == ([], later.run_at)
    world.clock.advance(seconds=5)
    assert await take(world) == [later.id]


async def test_sites_take_turns_and_the_platform_is_one_of_them(world: World) -> None:
    greedy, modest = await world.site("greedy"), await world.site("modest")
    many = [await add(world, a_job(world, late=100 - number), greedy) for number in range(3)]
    one = await add(world, a_job(world, late=1), modest)
    ours = [await add(world, a_job(world, late=50 - number)) for number in range(2)]
    expected = [many[0], ours[0], one, many[1], ours[1], many[2]]
    assert await take(world) == [job.id for job in expected]


async def test_who_has_the_fewest_underway_comes_first(world: World) -> None:
    busy, idle = await world.site("busy"), await world.site("idle")
    started = await add(world, a_job(world), busy)
    await take(world)
    await running(world, started)
    old, new = await add(world, a_job(world, late=100), busy), await add(world, a_job(world), idle)
    assert await take(world) == [new.id, old.id]


async def test_no_more_than_the_window_are_with_the_broker(world: World) -> None:
    sites = [await world.site(name) for name in ("one", "two")]
    for number in range(3):
        for site in sites:
            await add(world, a_job(world, late=10 - number), site)
    narrow = DispatchLimits(window=4)
    first = await take(world, narrow)
    assert len(first) == 4
    assert await take(world, narrow) == []
    await running(world, await read(world, a_job(world, id=first[0])))
    assert len(await take(world, narrow)) == 1


async def test_no_more_than_its_share_of_one_site_are_underway(world: World) -> None:
    site = await world.site()
    jobs = [await add(world, a_job(world, late=10 - number), site) for number in range(4)]
    strict = DispatchLimits(per_site=2)
    assert await take(world, strict) == [jobs[0].id, jobs[1].id]
    mine = await running(world, jobs[0])
    assert await take(world, strict) == []
    await (await leases(world)).finish(mine.job.succeed(None, at=world.clock()), mine.lease)
    assert await take(world, strict) == [jobs[2].id]


async def test_what_nobody_claims_goes_out_again_later_and_later(world: World) -> None:
    job = await add(world, a_job(world))
    limits = DispatchLimits(patience=timedelta(seconds=30), longest=timedelta(seconds=100))
    for seconds in (30, 60, 100, 100):
        assert await take(world, limits) == [job.id]
        world.clock.advance(seconds=seconds - 1)
        assert await take(world, limits) == []
        world.clock.advance(seconds=1.5)
    assert await take(world, limits) == [job.id]
    mine = await running(world, job)
    again = mine.job.fail("not now", Retries(first=timedelta()), at=world.clock(), chance=0)
    await (await leases(world)).finish(again, mine.lease)
    assert await take(world, limits) == [job.id]
    world.clock.advance(seconds=30.5)
    assert await take(world, limits) == [job.id]


async def test_what_could_not_be_published_waits_as_if_it_had_not_been_tried(world: World) -> None:
    job, claimed = await add(world, a_job(world)), await add(world, a_job(world))
    for _ in range(5):
        await (await dispatch_of(world)).give_back(await take(world))
    assert await status(world, job) is JobStatus.PENDING
    await take(world)
    await running(world, claimed)
    await (await dispatch_of(world)).give_back([job.id, claimed.id])
    assert await status(world, claimed) is JobStatus.RUNNING
    assert await take(world) == [job.id]
    world.clock.advance(seconds=LIMITS.patience.total_seconds() + 0.5)
    assert await take(world) == [job.id]


@pytest.mark.parametrize("close", CLOSINGS)
async def test_jobs_of_a_site_that_is_not_open_go_nowhere(world: World, close: Closing) -> None:
    site = await world.site()
    job = await add(world, a_job(world), site)
    await close(world, site)
    assert await take(world) == []
    assert await status(world, job) is JobStatus.PENDING


async def test_those_that_were_out_already_take_no_room_for_long(world: World) -> None:
    closed, other = await world.site("closed"), await world.site("other")
    kept, narrow = await add(world, a_job(world), closed), DispatchLimits(window=1)
    assert await take(world, narrow) == [kept.id]
    await suspend(world, closed)
    job = await add(world, a_job(world), other)
    assert await take(world, narrow) == []
    world.clock.advance(seconds=LIMITS.patience.total_seconds() + 0.5)
    assert await take(world, narrow) == [job.id]
    await resume(world, closed)
    assert await take(world) == [kept.id]


async def test_jobs_of_a_deleted_site_are_cancelled(world: World) -> None:
    gone, other = await world.site("gone"), await world.site("other")
    job, kept, ours = [await add(world, a_job(world), scope) for scope in (gone, other)] + [
        await add(world, a_job(world))
    ]
    await delete(world, gone)
    await suspend(world, other)
    dispatch = await dispatch_of(world)
    assert await dispatch.cancel_orphans(Queue.EMAILS, at=world.clock()) == 0
    assert await dispatch.cancel_orphans(Queue.REPORTS, at=world.clock()) == 1
    assert await dispatch.cancel_orphans(Queue.REPORTS, at=world.clock()) == 0
    cancelled = await read(world, job)
    assert cancelled.status is JobStatus.CANCELLED
    assert cancelled.finished_at is not None
    assert await status(world, kept) is JobStatus.PENDING
    assert await status(world, ours) is JobStatus.PENDING


async def test_what_ran_out_becomes_what_is_said(world: World) -> None:
    site = await world.site()
    lost = await running(world, await add(world, a_job(world), site), lasting=timedelta(seconds=5))
    kept = await running(world, await add(world, a_job(world), site))
    world.clock.advance(seconds=6)
    failed = lost.job.fail("lost", Retries(), at=world.clock(), chance=0)
    dispatch = await dispatch_of(world)
    assert await dispatch.recover(lambda _: failed, at=world.clock()) == 1
    assert await dispatch.recover(lambda _: failed, at=world.clock()) == 0
    assert await read(world, failed) == failed
    assert await read(world, kept.job) == kept.job
    await save(world, kept.job.cancel(at=world.clock()))
