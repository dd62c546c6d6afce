"""Jobs that break what runs them: none takes a worker with it, and none keeps the others from running."""

import asyncio
from dataclasses import dataclass

import pytest
from dishka import provide_all

from application.jobs.kinds import JobKind
from application.shared.jobs import NotNowError, Progress
from domain.jobs.job import JobStatus, Queue, Retries
from tests.contracts.jobs.jobs import a_job, add
from tests.worker.play import KINDS, Plays, Stage
from tests.worker.workers import becomes, sql, told, working
from tests.world import World

pytestmark = [pytest.mark.postgres, pytest.mark.storage]

_LONG_LEASE = 600
"""Whatever ends is written down by the worker: nobody finds it lost."""


@dataclass(frozen=True)
class Said:
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mumble:
    """Says, fails with and tells what no database takes."""

    stage: Stage
    progress: Progress

    async def __call__(self, *, how: str) -> Said:
        match how:
            case "fails":
                raise NotNowError("a\0b\ud800")
            case "tells":
                self.progress(1, 2, "a\0b\ud800")
                await self.stage.started.put("")
                await self.stage.go.wait()
        return Said("a\0b" if how == "returns" else "\ud800" if how == "returns half" else "fine")


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """Ends as a library ends that gives up by itself."""

    async def __call__(self, *, how: str) -> None:
        if how == "cancelled":
            raise asyncio.CancelledError
        raise TimeoutError


class Poisons(Plays):
    poisons = provide_all(Mumble, Leak)

    def __init__(self, stage: Stage) -> None:
        once = Retries(attempts=1)
        mumble, leak = (JobKind(use_case=one, queue=Queue.REPORTS, retries=once) for one in (Mumble, Leak))
        super().__init__(stage, (*KINDS, mumble, leak))


@pytest.mark.parametrize(
    ("how", "status"),
    [("fails", JobStatus.DEAD), ("returns", JobStatus.SUCCEEDED), ("returns half", JobStatus.SUCCEEDED)],
)
async def test_what_no_database_takes_is_written_down_without_it(
    world: World, stage: Stage, how: str, status: JobStatus
) -> None:
    async with working(world, stage, Poisons(stage), job_lease_seconds=_LONG_LEASE):
        job = await add(world, a_job(world, name="mumble", arguments={"how": how}))
        ended = await becomes(world, job, status)
    assert ended.error == ("a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}" if how == "fails" else None)


async def test_what_one_tells_keeps_nobody_from_telling(world: World, stage: Stage) -> None:
    async with working(world, stage, Poisons(stage)):
        poison = await add(world, a_job(world, name="mumble", arguments={"how": "tells"}))
        await told(stage.started)
        job = await add(world, a_job(world, name="wait"))
        await becomes(world, job, JobStatus.RUNNING, lambda one: one.progress.note == "waiting")
        stage.go.set()
        for one in (job, poison):
            await becomes(world, one, JobStatus.SUCCEEDED)


async def test_one_that_gives_itself_up_has_failed(world: World, stage: Stage) -> None:
    """Handed back it would run again at once, and for ever."""
    async with working(world, stage, Poisons(stage)):
        job = await add(world, a_job(world, name="leak", arguments={"how": "cancelled"}))
        dead = await becomes(world, job, JobStatus.DEAD)
    assert dead.attempts == 1


async def test_only_what_took_too_long_is_told_so(world: World, stage: Stage) -> None:
    async with working(world, stage, Poisons(stage)):
        job = await add(world, a_job(world, name="leak", arguments={"how": "late"}))
        dead = await becomes(world, job, JobStatus.DEAD)
    assert dead.error == "TimeoutError: see the log"


async def test_rows_that_cannot_be_read_take_no_slots_and_keep_nobody_from_being_recovered(
    world: World, stage: Stage
) -> None:
    async with working(world, stage, Poisons(stage), concurrency=1):
        for _ in range(5):
            poison = await add(world, a_job(world, name="play", late=60))
            await sql(world, "update public.jobs set asker = '{}' where id = $1", poison.id)
        job = await add(world, a_job(world, name="play", arguments={"text": "next"}))
        await becomes(world, job, JobStatus.SUCCEEDED)
        lost = await add(world, a_job(world, name="play", arguments={"text": "lost"}))
        await sql(
            world,
            "update public.jobs set status = 'running', lease = gen_random_uuid(), attempts = 1, "
            "lease_until = now() - interval '1 second' where id = $1 and status <> 'running'",
            lost.id,
        )
        await becomes(world, lost, JobStatus.SUCCEEDED)
