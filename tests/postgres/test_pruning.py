"""What keeps the history from leaving, each wall by itself, and what runs beside the retention job."""

from datetime import timedelta

import asyncpg
import pytest

from application.audit.prune_history import PlanPruning, PruneHistory
from application.audit.views import Prunable
from tests.contracts.audit.objects import changed, of_projects
from tests.postgres.test_history import REFUSED, a_project, old_entry, psql
from tests.world import World

__all__ = ["psql"]

pytestmark = pytest.mark.postgres
YEAR = timedelta(days=365)
NOTE = (
    "insert into \"{}\".history_retention values ('00000000-0000-0000-0000-000000000000', now() - interval '100 days')"
)


async def test_what_is_told_to_be_gone_is_still_taken_by_the_retention_job_alone(
    postgres: World, psql: asyncpg.Connection
) -> None:
    schema = (await postgres.site()).schema.name
    old = await old_entry(psql, schema, "900 days")
    delete = f'delete from "{schema}".history where id = {old}'
    await psql.execute("set app.retention = 'on'")
    await psql.execute(NOTE.format(schema))
    for setting in ("", "off", "ON", "true"):
        await psql.execute("select set_config('app.retention', $1, false)", setting)
        with pytest.raises(REFUSED, match="append-only"):
            await psql.execute(delete)
    await psql.execute("set app.retention = 'on'")
    assert await psql.execute(delete) == "DELETE 1"


async def test_what_one_schema_tells_to_be_gone_opens_no_other(postgres: World, psql: asyncpg.Connection) -> None:
    """Whatever schemas the session looks into: the history of a site is kept as the site itself says."""
    noted, kept = (await postgres.site("noted")).schema.name, (await postgres.site("kept")).schema.name
    old = await old_entry(psql, kept, "900 days")
    delete = f'delete from "{kept}".history where id = {old}'
    await psql.execute("set app.retention = 'on'")
    await psql.execute(NOTE.format(noted))
    for path in (f'"{noted}"', f'"{noted}", "{kept}"', ""):
        await psql.execute("select set_config('search_path', $1, false)", path)
        with pytest.raises(REFUSED, match="is kept"):
            await psql.execute(delete)
    await psql.execute(NOTE.format(kept))
    assert await psql.execute(delete) == "DELETE 1"


async def aged(psql: asyncpg.Connection, schema: str) -> None:
    """Makes all entries two years older."""
    async with psql.transaction():
        await psql.execute("set local session_replication_role = replica")
        await psql.execute(f"update \"{schema}\".history set at = at - interval '730 days'")


async def test_requests_write_while_the_job_deletes(postgres: World, psql: asyncpg.Connection) -> None:
    """It waits for nobody and nobody for it."""
    site = await postgres.site()
    moon = await a_project(postgres, site)
    await aged(psql, site.schema.name)
    async with postgres.acting(site) as container:
        plan: Prunable = await (await container.get(PlanPruning))(older_than=YEAR)
    async with postgres.acting(site) as container:
        prune = await container.get(PruneHistory)
        async with prune.work:
            assert await prune.pruning.prune(plan, at_most=100) == plan.count
            await changed(postgres, site, moon, name="Mars")
    assert len(await of_projects(postgres, site).entries(project_id=moon)) == 1
