"""Who sees which jobs, and what of them."""

from dataclasses import asdict
from datetime import timedelta
from uuid import uuid4

import pytest

from application.jobs.read_jobs import ListJobs, ShowJob
from application.jobs.views import JobAskerView, JobOrder, JobQuery, JobView
from application.shared.page import PageRequest, Period
from domain.jobs.job import Job, JobNotFoundError, JobStatus, Queue
from domain.shared.caller import Caller, NotPermittedError, Permission, UserId
from domain.tenancy.scope import Scope
from tests.contracts.jobs.jobs import ANN, BEN, a_job, put, who
from tests.world import OPERATOR, PLATFORM, World

VIEWS = who(BEN, Permission.JOBS_VIEW)


async def listed(world: World, query: JobQuery, scope: Scope = PLATFORM, caller: Caller = OPERATOR) -> list[JobView]:
    async with world.acting(scope, caller) as container:
        page = await (await container.get(ListJobs))(query)
    assert page.count >= len(page.results)
    return page.results


async def sees(world: World, job: Job, scope: Scope, caller: Caller) -> bool:
    async with world.acting(scope, caller) as container:
        try:
            await (await container.get(ShowJob))(job_id=job.id)
        except JobNotFoundError:
            return False
    return True


async def test_shows_what_there_is_but_the_arguments(world: World) -> None:
    cleo = UserId(uuid4())
    job = a_job(world.clock(), user_id=cleo, arguments={"password": "hush"})
    await put(world, job)
    (shown,) = await listed(world, JobQuery(), caller=who(cleo))
    assert (shown.id, shown.name, shown.queue, shown.site) == (job.id, "send_mail", Queue.EMAILS, None)
    assert shown.asked_by == JobAskerView(cleo, "somebody")
    assert (shown.progress.done, shown.progress.total, shown.status) == (0, None, JobStatus.PENDING)
    assert "hush" not in str(asdict(shown))


async def test_everybody_sees_what_they_asked_for_themselves(world: World) -> None:
    site, now = await world.site(), world.clock()
    mine, yours, nobodys = a_job(now, user_id=ANN), a_job(now, user_id=BEN), a_job(now)
    await put(world, mine, yours, nobodys, scope=site)
    async with world.acting(site, who(ANN)) as container:
        page = await (await container.get(ListJobs))(JobQuery())
    assert (page.count, [one.id for one in page.results]) == (1, [mine.id])
    assert [await sees(world, job, site, who(ANN)) for job in (mine, yours, nobodys)] == [True, False, False]


@pytest.mark.parametrize("permission", [Permission.JOBS_VIEW, Permission.JOBS_MANAGE])
async def test_with_a_permission_one_sees_all_of_the_site_and_none_of_another(
    world: World, permission: Permission
) -> None:
    site, other, now = await world.site(), await world.site("other"), world.clock()
    ours, theirs, platforms = a_job(now, user_id=ANN), a_job(now, user_id=ANN), a_job(now)
    await put(world, ours, scope=site)
    await put(world, theirs, scope=other)
    await put(world, platforms)
    caller = who(BEN, permission)
    assert [one.id for one in await listed(world, JobQuery(), site, caller)] == [ours.id]
    assert [await sees(world, job, site, caller) for job in (ours, theirs, platforms)] == [True, False, False]


async def test_the_platforms_admins_see_those_of_sites_too(world: World) -> None:
    site, now = await world.site(), world.clock()
    ours, platforms = a_job(now), a_job(now)
    await put(world, ours, scope=site)
    await put(world, platforms)
    assert [await sees(world, job, PLATFORM, VIEWS) for job in (ours, platforms)] == [True, True]
    (shown,) = await listed(world, JobQuery(site=world.slug()), caller=VIEWS)
    assert (shown.id, shown.site) == (ours.id, world.slug())


async def test_a_user_of_the_platform_is_nobody_in_a_site(world: World) -> None:
    """Though the ids be equal, as they are in a copy of a schema."""
    site, other, now = await world.site(), await world.site("other"), world.clock()
    job = a_job(now, user_id=ANN)
    await put(world, job, scope=site)
    assert not await sees(world, job, PLATFORM, who(ANN))
    assert not await sees(world, job, other, who(ANN))


async def test_who_is_nobody_sees_nothing(world: World) -> None:
    with pytest.raises(NotPermittedError):
        await listed(world, JobQuery(), caller=who(None))


async def test_finds_by_every_field(world: World) -> None:
    site, now = await world.site(), world.clock()
    first = a_job(now)
    second = a_job(now + timedelta(minutes=1), name="discard_site", queue=Queue.MAINTENANCE, error="no such Bucket")
    await put(world, first, second, scope=site)
    found = {
        JobQuery(status=JobStatus.DEAD): [],
        JobQuery(status=JobStatus.PENDING): [second, first],
        JobQuery(queue=Queue.EMAILS): [first],
        JobQuery(name="discard_site"): [second],
        JobQuery(name="discard"): [],
        JobQuery(search="BUCK"): [second],
        JobQuery(search="mail"): [first],
        JobQuery(search="%"): [],
        JobQuery(site=world.slug()): [second, first],
        JobQuery(site="nowhere"): [],
        JobQuery(created=Period(start=now + timedelta(seconds=1))): [second],
        JobQuery(created=Period(end=now)): [first],
    }
    for query, jobs in found.items():
        assert [one.id for one in await listed(world, query, site)] == [job.id for job in jobs], query


@pytest.mark.parametrize("ordering", JobOrder)
async def test_orders_by_what_was_asked(world: World, ordering: JobOrder) -> None:
    site, now = await world.site(), world.clock()
    jobs = [a_job(now + timedelta(seconds=step), name=name) for step, name in enumerate(("b", "c", "a"))]
    await put(world, *jobs, scope=site)
    name = ordering.value.removeprefix("-")
    expected = sorted(jobs, key=lambda job: (getattr(job, name), job.id), reverse=ordering.value.startswith("-"))
    pages = [JobQuery(ordering=ordering, page=PageRequest(number=number, size=2)) for number in (1, 2)]
    found = [one.id for page in pages for one in await listed(world, page, site)]
    assert found == [job.id for job in expected]
