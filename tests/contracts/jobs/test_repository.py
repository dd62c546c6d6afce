"""Jobs belong to the scope they were added in."""

from contextlib import suppress
from dataclasses import replace

import pytest

from application.jobs.ports import JobRepository
from application.shared.ports import UnitOfWork
from domain.jobs.job import Asker, Job, JobNotFoundError, JobStatus, Progress
from domain.shared.caller import SessionId, UserId
from domain.tenancy.scope import Scope
from entrypoints.identifiers import new_id
from tests.contracts.jobs.jobs import a_job, add, read, save
from tests.world import PLATFORM, World


async def added(world: World, job: Job, scope: Scope) -> bool:
    async with world.acting(scope) as container, await container.get(UnitOfWork):
        return bool(await (await container.get(JobRepository)).add(job))


async def test_comes_back_as_it_went(world: World) -> None:
    site = await world.site()
    asker = Asker(
        label="ada",
        request_id="r-1",
        user_id=UserId(new_id()),
        impersonator=UserId(new_id()),
        session_id=SessionId(new_id()),
    )
    job = await add(world, a_job(world, asker=asker, arguments={"to": ["a", 1, None]}, unique="nightly"), site)
    assert await read(world, job, site) == job
    ended = replace(
        job.start(at=world.clock()).with_progress(Progress(done=1, total=3, note="räume auf")), error="not yet"
    ).succeed({"files": 3}, at=world.clock())
    await save(world, ended, site)
    assert await read(world, job, site) == ended


async def test_another_site_neither_sees_nor_changes_it(world: World) -> None:
    mine, other = await world.site("mine"), await world.site("other")
    job, of_platform = await add(world, a_job(world), mine), await add(world, a_job(world))
    for hidden in (job, of_platform):
        with pytest.raises(JobNotFoundError):
            await read(world, hidden, other)
    async with world.acting(other) as container:
        jobs = await container.get(JobRepository)
        async with await container.get(UnitOfWork):
            with suppress(JobNotFoundError):
                await jobs.save(job.cancel(at=world.clock()))
    assert (await read(world, job, mine)).status is JobStatus.PENDING


async def test_the_platform_sees_those_of_all(world: World) -> None:
    site = await world.site()
    job = await add(world, a_job(world), site)
    await save(world, job.cancel(at=world.clock()), PLATFORM)
    assert (await read(world, job, site)).status is JobStatus.CANCELLED


async def test_a_second_one_of_a_kind_has_to_wait_for_the_end_of_the_first(world: World) -> None:
    site, other = await world.site("mine"), await world.site("other")
    first = await add(world, a_job(world, unique="nightly"), site)
    assert not await added(world, a_job(world, unique="nightly"), site)
    assert await added(world, a_job(world, unique="hourly"), site)
    for scope in (other, PLATFORM):
        assert await added(world, a_job(world, unique="nightly"), scope)
        assert not await added(world, a_job(world, unique="nightly"), scope)
    await save(world, first.cancel(at=world.clock()), site)
    assert await added(world, a_job(world, unique="nightly"), site)


async def test_what_is_rolled_back_was_never_asked_for(world: World) -> None:
    job = a_job(world)

    async def fail() -> None:
        async with world.acting() as container, await container.get(UnitOfWork):
            await (await container.get(JobRepository)).add(job)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    with pytest.raises(JobNotFoundError):
        await read(world, job)
