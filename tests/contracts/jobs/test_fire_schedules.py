"""What is due runs once, where it should, whoever else fires and whatever dies."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from application.jobs.cancel_job import CancelJob
from application.jobs.schedules.change_schedule import ChangeSchedule
from application.jobs.schedules.fire_schedules import FireSchedules
from application.jobs.schedules.ports import JobTarget, ScheduledJobs, ScheduleRepository
from application.jobs.schedules.run_schedule import RunSchedule
from application.jobs.schedules.views import ScheduleStart
from application.shared.ports import UnitOfWork
from application.tenancy.suspend_site import SuspendSite
from domain.jobs.job import Job, JobExistsError, JobId, JobStatus
from domain.jobs.schedule import Misfire, Schedule, ScheduleChanges, ScheduleScope, UnknownScheduledJobError
from tests.contracts.jobs.schedules import ScheduleDesk
from tests.world import World


class Dying:
    """A repository that is cut off when the job has been added."""

    def __init__(self, schedules: ScheduleRepository) -> None:
        self._schedules = schedules

    def __getattr__(self, name: str) -> Any:
        return getattr(self._schedules, name)

    async def save_run(self, _: Schedule) -> None:
        raise RuntimeError("killed")


class Refusing:
    """Adds no jobs of one schedule."""

    def __init__(self, jobs: ScheduledJobs, refused: Schedule) -> None:
        self._jobs = jobs
        self._refused = str(refused.id)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._jobs, name)

    async def add(self, job: Job, targets: Sequence[JobTarget]) -> Sequence[JobId]:
        if any(self._refused in target.unique for target in targets):
            raise RuntimeError("not this one")
        return await self._jobs.add(job, targets)


@pytest.fixture
async def desk(world: World) -> AsyncIterator[ScheduleDesk]:
    """What it created is not left to other worlds on the same database."""
    desk = ScheduleDesk(world)
    yield desk
    await desk.clear()


async def test_what_is_not_due_does_not_run(world: World, desk: ScheduleDesk) -> None:
    schedule = await desk.create(interval_seconds=3600)
    world.clock.advance(minutes=59)
    await desk.fire()
    assert await desk.jobs(schedule) == []
    assert (await desk.shown(schedule)).run_count == 0


async def test_what_is_due_adds_a_job_and_is_due_again_later(world: World, desk: ScheduleDesk) -> None:
    schedule = await desk.create(interval_seconds=3600)
    due = schedule.next_run_at
    assert due is not None
    world.clock.advance(minutes=60, seconds=5)
    await desk.fire()
    (job,) = await desk.jobs(schedule)
    assert (job.status, job.site, job.asked_by.id) == (JobStatus.PENDING, None, None)
    shown = await desk.shown(schedule)
    assert shown.next_run_at == due + timedelta(hours=1)
    assert (shown.run_count, shown.version) == (1, schedule.version)
    assert shown.last_run_at is not None
    assert shown.last_run_at >= due


async def test_the_job_runs(world: World, desk: ScheduleDesk) -> None:
    schedule = await desk.create(interval_seconds=3600)
    world.clock.advance(hours=1)
    await desk.fire()
    await world.settle()
    (job,) = await desk.jobs(schedule)
    assert (job.status, job.result) == (JobStatus.SUCCEEDED, {"done": 0, "dead": 0})


async def test_many_who_fire_at_once_run_it_once(world: World, desk: ScheduleDesk) -> None:
    schedules = [await desk.create(interval_seconds=3600) for _ in range(5)]
    for expected in (1, 2, 3):
        world.clock.advance(hours=1)
        await asyncio.gather(*(desk(FireSchedules) for _ in range(6)))
        await desk.fire()
        for schedule in schedules:
            jobs = await desk.jobs(schedule)
            assert len(jobs) == (await desk.shown(schedule)).run_count == expected
            (waiting,) = [one for one in jobs if one.status is JobStatus.PENDING]
            await desk(CancelJob, job_id=JobId(waiting.id))


async def test_who_dies_between_job_and_next_time_loses_neither(world: World, desk: ScheduleDesk) -> None:
    schedule = await desk.create(interval_seconds=3600)
    world.clock.advance(hours=1)
    async with world.acting() as container:
        fire = await container.get(FireSchedules)
        with pytest.raises(ExceptionGroup):
            await replace(fire, schedules=cast("ScheduleRepository", Dying(fire.schedules)))()
    assert await desk.jobs(schedule) == []
    await desk.fire()
    assert len(await desk.jobs(schedule)) == (await desk.shown(schedule)).run_count == 1


async def test_one_that_cannot_be_fired_holds_up_no_other(world: World, desk: ScheduleDesk) -> None:
    broken, sound = await desk.create(interval_seconds=60), await desk.create(interval_seconds=120)
    world.clock.advance(minutes=2)
    async with world.acting() as container:
        fire = await container.get(FireSchedules)
        jobs = cast("ScheduledJobs", Refusing(fire.fan_out.jobs, broken))
        with pytest.raises(ExceptionGroup, match="could not be fired"):
            await replace(fire, fan_out=replace(fire.fan_out, jobs=jobs))()
    assert [len(await desk.jobs(one)) for one in (broken, sound)] == [0, 1]
    assert (await desk.shown(broken)).next_run_at == broken.next_run_at
    await desk.fire()
    assert [len(await desk.jobs(one)) for one in (broken, sound)] == [1, 1]


async def test_the_job_of_another_release_is_not_run_by_this_one(world: World, desk: ScheduleDesk) -> None:
    schedule = await desk.create(interval_seconds=60)
    async with world.acting() as container, await container.get(UnitOfWork):
        schedules = await container.get(ScheduleRepository)
        await schedules.save(replace(schedule, plan=replace(schedule.plan, job="of_tomorrow")))
    with pytest.raises(UnknownScheduledJobError):
        await desk(RunSchedule, schedule_id=schedule.id)


@pytest.mark.parametrize(("misfire", "runs"), [(Misfire.SKIP, 0), (Misfire.RUN_ONCE, 1)])
async def test_what_was_missed_runs_once_or_not_at_all(
    world: World, desk: ScheduleDesk, misfire: Misfire, runs: int
) -> None:
    schedule = await desk.create(interval_seconds=60, misfire=misfire)
    world.clock.advance(hours=5)
    await desk.fire()
    shown = await desk.shown(schedule)
    assert len(await desk.jobs(schedule)) == shown.run_count == runs
    assert shown.next_run_at is not None
    assert timedelta() < shown.next_run_at - world.clock() <= timedelta(minutes=1)


async def test_one_that_has_not_ended_is_not_doubled(world: World, desk: ScheduleDesk) -> None:
    schedule = await desk.create(interval_seconds=60)
    for _ in range(3):
        world.clock.advance(seconds=61)
        await desk.fire()
    assert len(await desk.jobs(schedule)) == (await desk.shown(schedule)).run_count == 1


async def test_a_one_off_time_runs_once(world: World, desk: ScheduleDesk) -> None:
    schedule = await desk.create(once_at=world.clock() + timedelta(minutes=5))
    for _ in range(2):
        world.clock.advance(minutes=6)
        await desk.fire()
        await world.settle()
    shown = await desk.shown(schedule)
    assert (len(await desk.jobs(schedule)), shown.run_count, shown.next_run_at) == (1, 1, None)


async def test_all_sites_are_all_that_are_open_spread_over_the_jitter(world: World, desk: ScheduleDesk) -> None:
    slugs = [(await world.site(name)).slug for name in ("ant", "bee", "cat", "dog")]
    async with world.acting() as container:
        await (await container.get(SuspendSite))(slug=slugs[0], seen=None)
    schedule = await desk.create(
        job="purge_sessions", scope=ScheduleScope.ALL_SITES, interval_seconds=3600, jitter_seconds=600
    )
    world.clock.advance(hours=1)
    await desk.fire()
    jobs = [one for one in await desk.jobs(schedule) if one.site in slugs]
    assert sorted(str(one.site) for one in jobs) == slugs[1:]
    times = sorted(one.run_at for one in jobs)
    assert len(set(times)) == 3
    assert timedelta() < times[-1] - times[0] < timedelta(seconds=600)
    world.clock.advance(seconds=600)
    await world.settle()
    done = [one for one in await desk.jobs(schedule) if one.site in slugs]
    assert {one.status for one in done} == {JobStatus.SUCCEEDED}


async def test_a_site_whose_last_run_has_not_ended_is_passed_over(world: World, desk: ScheduleDesk) -> None:
    ant, bee = [(await world.site(name)).slug for name in ("ant", "bee")]
    schedule = await desk.create(job="purge_sessions", scope=ScheduleScope.ALL_SITES, interval_seconds=3600)
    world.clock.advance(hours=1)
    await desk.fire()
    (at_bee,) = [one for one in await desk.jobs(schedule) if one.site == bee]
    await desk(CancelJob, job_id=JobId(at_bee.id))
    world.clock.advance(hours=1)
    await desk.fire()
    sites = [one.site for one in await desk.jobs(schedule)]
    assert (sites.count(ant), sites.count(bee)) == (1, 2)


async def test_one_site_is_that_one_alone(world: World, desk: ScheduleDesk) -> None:
    ant, _ = [(await world.site(name)).slug for name in ("ant", "bee")]
    schedule = await desk.create(job="purge_sessions", scope=ScheduleScope.SITE, site=ant, interval_seconds=3600)
    world.clock.advance(hours=1)
    await desk.fire()
    assert [one.site for one in await desk.jobs(schedule)] == [ant]
    assert (await desk.shown(schedule)).site == ant


async def test_running_it_now_does_not_move_its_next_time(world: World, desk: ScheduleDesk) -> None:
    schedule = await desk.create(interval_seconds=3600, is_enabled=False)
    start: ScheduleStart = await desk(RunSchedule, schedule_id=schedule.id)
    (job,) = await desk.jobs(schedule)
    assert start == ScheduleStart(1, job.id)
    shown = await desk.shown(schedule)
    assert (shown.next_run_at, shown.run_count) == (None, 1)
    with pytest.raises(JobExistsError):
        await desk(RunSchedule, schedule_id=schedule.id)


async def test_running_all_sites_now_tells_how_many(world: World, desk: ScheduleDesk) -> None:
    await world.site("ant")
    schedule = await desk.create(job="purge_sessions", scope=ScheduleScope.ALL_SITES)
    start: ScheduleStart = await desk(RunSchedule, schedule_id=schedule.id)
    assert start.job_id is None
    assert start.count == len(await desk.jobs(schedule)) > 0
    again: ScheduleStart = await desk(RunSchedule, schedule_id=schedule.id)
    assert again == ScheduleStart(0, None)


async def test_a_disabled_one_does_not_run_and_an_enabled_one_begins_anew(world: World, desk: ScheduleDesk) -> None:
    schedule = await desk.create(interval_seconds=3600)

    async def enable(is_enabled: bool) -> None:
        changes = ScheduleChanges(is_enabled=is_enabled)
        await desk(ChangeSchedule, schedule_id=schedule.id, changes=changes, seen=None)

    await enable(False)
    world.clock.advance(hours=3)
    await desk.fire()
    assert await desk.jobs(schedule) == []
    await enable(True)
    world.clock.advance(minutes=59)
    await desk.fire()
    assert await desk.jobs(schedule) == []
    world.clock.advance(minutes=2)
    await desk.fire()
    assert len(await desk.jobs(schedule)) == 1
