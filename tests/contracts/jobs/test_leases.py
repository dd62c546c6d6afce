"""Whose a job is."""

import asyncio
from datetime import timedelta

import pytest

from application.jobs.ports import JobDispatch, RunningJob
from application.shared.jobs import LeaseLostError, Once
from application.shared.ports import UnitOfWork
from domain.jobs.job import JobStatus, LeaseId, Progress, Retries
from entrypoints.identifiers import new_id
from tests.contracts.jobs.jobs import MINUTE, a_job, add, claim, leases, read, running, running_in, save
from tests.contracts.jobs.sites import CLOSINGS, Closing, resume, suspend
from tests.world import PLATFORM, World


async def do_once(world: World, job: RunningJob, step: str = "a step") -> bool:
    async with running_in(world, job) as container, await container.get(UnitOfWork):
        return bool(await (await container.get(Once))(step))


async def test_of_many_who_claim_a_job_one_gets_it(world: World) -> None:
    site = await world.site()
    job = await add(world, a_job(world), site)
    claims = await asyncio.gather(*(claim(world, job) for _ in range(8)))
    [mine] = [one for one in claims if one is not None]
    assert mine.scope == site
    assert mine.job == await read(world, job)
    assert (mine.job.status, mine.job.attempts) == (JobStatus.RUNNING, 1)


async def test_a_claim_whose_answer_was_lost_is_made_again(world: World) -> None:
    job, now, lease = await add(world, a_job(world)), world.clock(), LeaseId(new_id())
    port = await leases(world)
    first, again, other = [
        await port.claim(job.id, one, worker="one", at=now, until=now + MINUTE)
        for one in (lease, lease, LeaseId(new_id()))
    ]
    assert first is not None
    assert first == again
    assert other is None


async def test_only_what_is_due_and_waits_can_be_claimed(world: World) -> None:
    later = await add(world, a_job(world, run_at=world.clock() + MINUTE))
    assert await claim(world, later) is None
    world.clock.advance(seconds=60)
    assert await claim(world, later) is not None
    ended = await add(world, a_job(world))
    await save(world, ended.cancel(at=world.clock()))
    assert await claim(world, ended) is None
    assert await claim(world, a_job(world)) is None


@pytest.mark.parametrize("close", CLOSINGS)
async def test_jobs_of_a_site_that_is_not_open_are_not_claimed(world: World, close: Closing) -> None:
    site = await world.site()
    job, of_platform = await add(world, a_job(world), site), await add(world, a_job(world))
    await close(world, site)
    assert await claim(world, job) is None
    assert await claim(world, of_platform) is not None


async def test_they_wait_until_it_is_open_again(world: World) -> None:
    site = await world.site()
    job = await add(world, a_job(world), site)
    await suspend(world, site)
    assert await claim(world, job) is None
    await resume(world, site)
    assert await claim(world, job) is not None


async def test_ends_as_whoever_has_it_says(world: World) -> None:
    mine = await running(world, await add(world, a_job(world)))
    ended = mine.job.succeed({"done": True}, at=world.clock())
    assert await (await leases(world)).finish(ended, mine.lease)
    assert await read(world, ended) == ended
    assert not await (await leases(world)).finish(ended, mine.lease)


async def test_who_lost_a_lease_writes_nothing_any_more(world: World) -> None:
    job = await add(world, a_job(world))
    late = await running(world, job, lasting=timedelta(seconds=10))
    world.clock.advance(seconds=11)
    dispatch = await world.desk.worker.get(JobDispatch)
    await dispatch.recover(lambda one: one.hand_back(at=world.clock()), at=world.clock())
    mine = await running(world, job)
    with pytest.raises(LeaseLostError):
        await do_once(world, late)
    port = await leases(world)
    assert await port.extend([late.lease, mine.lease], until=world.clock() + MINUTE) == {mine.lease}
    assert await port.report({late.lease: Progress(done=9)}) == frozenset()
    assert not await port.finish(late.job.succeed(None, at=world.clock()), late.lease)
    assert await read(world, job) == mine.job


async def test_a_lease_ends_with_the_cancellation(world: World) -> None:
    mine = await running(world, await add(world, a_job(world)))
    await save(world, mine.job.cancel(at=world.clock()))
    assert await (await leases(world)).extend([mine.lease], until=world.clock() + MINUTE) == frozenset()
    assert not await (await leases(world)).finish(mine.job.succeed(None, at=world.clock()), mine.lease)
    with pytest.raises(LeaseLostError):
        await do_once(world, mine)
    assert (await read(world, mine.job)).status is JobStatus.CANCELLED


async def test_nobody_extends_what_is_not_theirs(world: World) -> None:
    await running(world, await add(world, a_job(world)))
    assert await (await leases(world)).extend([LeaseId(new_id())], until=world.clock() + MINUTE) == frozenset()


async def test_an_extended_lease_does_not_run_out(world: World) -> None:
    mine = await running(world, await add(world, a_job(world)))
    await (await leases(world)).extend([mine.lease], until=world.clock() + 2 * MINUTE)
    world.clock.advance(seconds=61)
    dispatch = await world.desk.worker.get(JobDispatch)
    assert not await dispatch.recover(lambda one: one.hand_back(at=world.clock()), at=world.clock())
    world.clock.advance(seconds=60)
    assert await dispatch.recover(lambda one: one.hand_back(at=world.clock()), at=world.clock()) == 1


async def test_a_step_is_done_once_in_all_attempts(world: World) -> None:
    site = await world.site()
    first = await running(world, await add(world, a_job(world), site))
    assert await do_once(world, first)
    assert not await do_once(world, first)
    assert await do_once(world, first, "another step")
    failed = first.job.fail("not now", Retries(first=timedelta()), at=world.clock(), chance=0)
    assert await (await leases(world)).finish(failed, first.lease)
    second = await running(world, failed)
    assert not await do_once(world, second)


async def test_a_step_that_is_rolled_back_was_not_done(world: World) -> None:
    mine = await running(world, await add(world, a_job(world)))

    async def fail() -> None:
        async with running_in(world, mine) as container, await container.get(UnitOfWork):
            assert await (await container.get(Once))("a step")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await do_once(world, mine)


async def test_progress_is_seen(world: World) -> None:
    mine = await running(world, await add(world, a_job(world)))
    told = Progress(done=3, total=10, note="reading")
    assert await (await leases(world)).report({mine.lease: told}) == {mine.lease}
    assert (await read(world, mine.job, PLATFORM)).progress == told
