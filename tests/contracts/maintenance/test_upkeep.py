"""The rest of what the platform does for itself, on every store."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from application.health.ports import ComponentHealth, HealthEvents
from application.health.probe_components import ProbeComponents, Probed
from application.jobs.ports import JobRepository
from application.jobs.purge_jobs import PurgeJobs
from application.shared.ports import UnitOfWork
from application.tenancy.domains.reverify_domains import Reverified, ReverifyDomains
from domain.jobs.job import Job, JobNotFoundError, JobStatus
from domain.tenancy.domain import DomainStatus
from domain.tenancy.scope import Scope
from tests.contracts.jobs.asked_jobs import a_job, put
from tests.contracts.tenancy.claims import Claims
from tests.world import PLATFORM, World


async def test_jobs_go_by_how_they_ended_and_when(world: World) -> None:
    now, site = world.clock(), await world.site()
    days = {"young": 13, "old": 15, "ancient": 91}

    def ended(status: JobStatus, age: int) -> Job:
        return a_job(now, status=status, finished_at=now - timedelta(days=age))

    jobs = {
        (status, name): ended(status, age)
        for status in (JobStatus.SUCCEEDED, JobStatus.CANCELLED, JobStatus.DEAD)
        for name, age in days.items()
    }
    waiting = a_job(now - timedelta(days=200))
    await put(world, *jobs.values(), waiting, scope=site)
    async with world.acting() as container:
        await (await container.get(PurgeJobs))()
    left = {name for name, job in jobs.items() if await is_there(world, site, job)}
    assert left == {
        (JobStatus.SUCCEEDED, "young"),
        (JobStatus.CANCELLED, "young"),
        (JobStatus.DEAD, "young"),
        (JobStatus.DEAD, "old"),
    }
    assert await is_there(world, site, waiting)


async def is_there(world: World, scope: Scope, job: Job) -> bool:
    async with world.acting(scope) as container, await container.get(UnitOfWork):
        try:
            await (await container.get(JobRepository)).get(job.id)
        except JobNotFoundError:
            return False
    return True


async def test_domains_are_looked_at_again_and_no_answer_changes_nothing(world: World) -> None:
    await world.site()
    claims = Claims(world)
    kept, lost = await claims.verified(domain="kept"), await claims.verified(domain="lost")

    async def again() -> Reverified:
        async with world.acting() as container:
            return await (await container.get(ReverifyDomains))()

    world.dns.away = True
    assert (await again()).unknown >= 2
    world.dns.away = False
    claims.withdraw(lost)
    found = await again()
    assert (found.verified, found.unknown) == (1, 0)
    assert found.failed >= 1
    assert (await claims.shown(domain="kept")).status is DomainStatus.VERIFIED
    assert (await claims.shown(domain="lost")).status is DomainStatus.FAILED
    assert kept.id


class Told(HealthEvents):
    def __init__(self) -> None:
        self.health: list[ComponentHealth] = []

    async def changed(self, health: ComponentHealth) -> None:
        self.health.append(health)


async def test_a_component_is_told_of_when_it_breaks_and_when_it_works_again(world: World) -> None:
    name, told = f"broker-{uuid4()}", Told()

    async def probe(problem: str) -> Probed:
        async def checks() -> Mapping[str, str]:
            return {name: problem}

        async with world.acting(PLATFORM) as container:
            return await replace(await container.get(ProbeComponents), checks=checks, events=told)()

    assert await probe("") == Probed()
    assert told.health == []
    broken_since = []
    for problem in ("away", "away", "full", "", ""):
        world.clock.advance(minutes=1)
        assert await probe(problem) == Probed(problems={name: problem} if problem else {})
        broken_since.append(told.health[-1].since)
    assert [one.problem for one in told.health] == ["away", "full", ""]
    assert broken_since[0] == broken_since[1] < broken_since[2] < broken_since[3] == broken_since[4]


async def test_the_components_of_this_deployment_work(world: World) -> None:
    async with world.acting() as container:
        assert await (await container.get(ProbeComponents))() == Probed()
