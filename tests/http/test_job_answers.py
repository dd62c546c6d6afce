import pytest

from application.jobs.read_jobs import ShowJob
from domain.jobs.job import JobNotFoundError
from entrypoints.http.job_answers import JobAnswer
from tests.contracts.jobs.asked_jobs import ANN, BEN, a_job, put, who
from tests.world import World


async def test_who_starts_a_job_is_told_where_to_follow_it_and_nobody_else_is(world: World) -> None:
    job, site = a_job(world.clock(), user_id=ANN), await world.site()
    await put(world, job, scope=site)
    async with world.acting(site, who(ANN)) as container:
        answer = await JobAnswer(await container.get(ShowJob))(job.id)
    assert (answer.status_code, answer.headers["Location"]) == (202, f"/api/jobs/{job.id}/")
    assert answer.content.id == job.id
    async with world.acting(site, who(BEN)) as container:
        with pytest.raises(JobNotFoundError):
            await JobAnswer(await container.get(ShowJob))(job.id)
