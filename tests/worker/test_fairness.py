import pytest

from domain.jobs.job import JobStatus
from tests.contracts.jobs.jobs import LIMITS, a_job, add
from tests.worker.play import Stage
from tests.worker.workers import becomes, sql, told, working
from tests.world import World

pytestmark = [pytest.mark.postgres, pytest.mark.storage]

_MANY = (
    "insert into public.jobs (id, name, queue, site_id, asker, arguments, status, attempts, run_at, deliveries, steps, "
    'progress, created_at, version) select gen_random_uuid(), \'wait\', \'reports\', $1, \'{"label": "", "request_id": '
    "\"\"}', '{\"text\": \"greedy\"}', 'pending', 0, now(), 0, '{}', '{}', now(), 1 from generate_series(1, 10000)"
)


async def test_ten_thousand_jobs_of_one_site_do_not_keep_the_first_one_of_another_waiting(
    world: World, stage: Stage
) -> None:
    """One slot, and nine of the others' are with the broker already."""
    greedy, modest = await world.site("greedy"), await world.site("modest")
    await sql(world, _MANY, greedy.site_id)
    async with working(world, stage, concurrency=1):
        assert await told(stage.started) == "greedy"
        job = await add(world, a_job(world, name="wait", arguments={"text": "modest"}), modest)
        await becomes(world, job, JobStatus.QUEUED)
        stage.go.set()
        before = 1
        while await told(stage.started) != "modest":
            before += 1
        await sql(world, "delete from public.jobs where status = 'pending'")
    assert before <= LIMITS.per_site + 1
