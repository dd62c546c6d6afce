"""A schedule of all sites where there are ten thousand of them."""

import asyncio
import time

import asyncpg
import pytest

from application.jobs.schedules.fire_schedules import FireSchedules
from domain.jobs.schedule import ScheduleScope
from tests.contracts.jobs.schedules import ScheduleDesk
from tests.world import World

pytestmark = pytest.mark.postgres

SITES = 10_000
_SITES = """
insert into public.sites (id, organization_id, name, slug, description, role, is_primary, settings, status, created_at,
                          updated_at, version)
select gen_random_uuid(), o.id, 'many', 'many-' || $2 || '-' || n, '', 'production', false, '{}', 'active', now(),
       now(), 1
  from generate_series(1, $1) n, public.organizations o where o.slug = $3
"""
_JOBS = "select count(*), count(distinct site_id), count(distinct run_at), max(run_at) - min(run_at) as spread "
_OURS = "from public.jobs j where asker ->> 'label' = $1"


async def test_ten_thousand_sites_get_their_jobs_in_one_breath_and_once(postgres: World, database_url: str) -> None:
    desk = ScheduleDesk(postgres)
    connection = await asyncpg.connect(database_url)
    try:
        await connection.execute(_SITES, SITES, postgres.suffix, postgres.organization)
        schedule = await desk.create(
            job="purge_sessions", scope=ScheduleScope.ALL_SITES, interval_seconds=3600, jitter_seconds=1800
        )
        postgres.clock.advance(hours=1)
        started = time.perf_counter()
        await asyncio.gather(*(desk(FireSchedules) for _ in range(4)))
        took = time.perf_counter() - started
        found = await connection.fetchrow(_JOBS + _OURS, f"schedule:{schedule.plan.name}")
        postgres.clock.advance(hours=1)
        await desk.fire()
        again = await connection.fetchval("select count(*) " + _OURS, f"schedule:{schedule.plan.name}")
    finally:
        await desk.clear()
        await connection.execute("delete from public.jobs where asker ->> 'label' like 'schedule:%'")
        await connection.execute("delete from public.sites where slug like $1", f"many-{postgres.suffix}-%")
        await connection.close()

    assert found is not None
    assert found[0] == found[1] >= SITES
    assert found[2] > SITES * 0.9
    assert found["spread"].total_seconds() < 1800
    assert again == found[0], "none is doubled while it has not ended"
    assert took < 5
