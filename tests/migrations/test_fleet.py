import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from adapters.postgres.fleet import Fleet, SiteResult
from adapters.postgres.migrations import PLATFORM_HISTORY, TENANT_HISTORY, History
from adapters.postgres.pool import open_pool
from adapters.postgres.sql import create_schema, script_within
from domain.tenancy.schema import SchemaName
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SlugTakenError
from tests.migrations.catalog import catalog_of
from tests.world import A_TRAIL, World, token

pytestmark = pytest.mark.postgres
STEP = """
import sqlalchemy as sa
from alembic import op

revision = "9001"
down_revision = "{head}"


def upgrade() -> None:
    op.add_column("projects", sa.Column("estimate", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("projects", "estimate")
"""


class NextHistory(History):
    """The tenant history with one more step, in a folder of the test's own."""

    @property
    def folder(self) -> Path:
        return Path(self.name)


@pytest.fixture
def next_history(tmp_path: Path) -> History:
    folder = tmp_path / "migrations" / "tenant"
    shutil.copytree(TENANT_HISTORY.folder, folder)
    shutil.copytree(TENANT_HISTORY.folder.parent / "sql", folder.parent / "sql")
    (folder / "versions" / "9001_estimate.py").write_text(STEP.format(head=TENANT_HISTORY.head))
    return NextHistory(str(folder), TENANT_HISTORY.schemas)


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[asyncpg.Pool]:
    pool = await open_pool(database_url, size=6, statements=100, name="taruvi tests")
    yield pool
    await pool.close()


async def migrate(pool: asyncpg.Pool, history: History, names: set[str]) -> list[SiteResult]:
    fleet = Fleet(pool, PLATFORM_HISTORY, history, A_TRAIL)
    results: list[SiteResult] = []
    sites = [site for site in await fleet.sites() if site.slug in names]
    await fleet.migrate(fleet.behind(sites), connections=4, report=results.append)
    return results


async def test_a_new_site_equals_a_migrated_one(postgres: World, pool: asyncpg.Pool, next_history: History) -> None:
    old = await postgres.site("old")
    await migrate(pool, next_history, {old.slug})
    new = SchemaName(f"new_{postgres.suffix}")
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(create_schema(new))
        await connection.execute(script_within(next_history.whole, new))
        made, migrated = (
            await catalog_of(connection, new.name),
            await catalog_of(connection, old.schema.name),
        )
        await transaction.rollback()

    assert made == migrated
    assert any("estimate" in column for column in made["columns"])


async def test_each_site_is_migrated_once_however_many_migrate(
    postgres: World, pool: asyncpg.Pool, next_history: History
) -> None:
    sites = {(await postgres.site(f"s{number}")).slug for number in range(8)}

    runs = await asyncio.gather(*(migrate(pool, next_history, sites) for _ in range(3)))
    again = await migrate(pool, next_history, sites)

    assert [result.error for results in runs for result in results if result.error] == []
    assert again == []
    revisions = await pool.fetch("select distinct revision from public.sites where slug = any($1)", list(sites))
    assert [record["revision"] for record in revisions] == ["9001"]


async def test_a_failing_site_leaves_the_others_alone_and_can_be_mended(
    postgres: World, pool: asyncpg.Pool, next_history: History
) -> None:
    sites = [await postgres.site(f"s{number}") for number in range(4)]
    broken = sites[2]
    await pool.execute(f'alter table "{broken.schema.name}".projects add column estimate int')
    slugs = {site.slug for site in sites}

    results = await migrate(pool, next_history, slugs)

    assert {result.site.slug for result in results} == slugs
    assert [result.site.slug for result in results if result.error] == [broken.slug]
    told = await pool.fetchval("select migration_error from public.sites where slug = $1", broken.slug)
    assert "estimate" in told
    await pool.execute(f'alter table "{broken.schema.name}".projects drop column estimate')
    mended = await migrate(pool, next_history, slugs)
    assert [(result.site.slug, result.error) for result in mended] == [(broken.slug, "")]
    assert await pool.fetchval("select migration_error from public.sites where slug = $1", broken.slug) is None


async def test_a_failing_canary_stops_everything(postgres: World, pool: asyncpg.Pool, next_history: History) -> None:
    sites = [await postgres.site(f"s{number}") for number in range(3)]
    await pool.execute(f'alter table "{sites[0].schema.name}".projects add column estimate int')

    results = await migrate(pool, next_history, {site.slug for site in sites})

    assert [(result.site.slug, bool(result.error)) for result in results] == [(sites[0].slug, True)]


async def test_requests_are_served_while_their_site_is_migrated(
    postgres: World, pool: asyncpg.Pool, next_history: History
) -> None:
    site = await postgres.site()
    await postgres.admin(site)
    url = f"{postgres.host()}/api/projects/"
    async with postgres.http() as client:
        headers = await token(client, postgres.host())
        done, served = asyncio.Event(), asyncio.Semaphore(0)
        statuses: set[int] = set()

        async def use() -> None:
            while not done.is_set():
                opened = await client.post(url, json={"name": "Moon"}, headers=headers)
                listed = await client.get(url, headers=headers)
                changed = await client.patch(f"{url}{opened.json()['id']}/", json={"name": "Mars"}, headers=headers)
                statuses.update((opened.status_code, listed.status_code, changed.status_code))
                served.release()

        async with asyncio.TaskGroup() as users:
            for _ in range(4):
                users.create_task(use())
            for _ in range(8):
                await served.acquire()
            results = await migrate(pool, next_history, {site.slug})
            for _ in range(8):
                await served.acquire()
            done.set()

    assert [result.error for result in results] == [""]
    assert statuses == {200, 201}


async def test_refuses_a_database_that_is_newer_than_the_code(
    postgres: World, pool: asyncpg.Pool, next_history: History
) -> None:
    site = await postgres.site()
    await migrate(pool, next_history, {site.slug})

    results = await migrate(pool, TENANT_HISTORY, {site.slug})

    assert "9001" in results[0].error


async def test_a_crash_while_provisioning_leaves_nothing(postgres: World, pool: asyncpg.Pool) -> None:
    """The site's row is written, its schema is not: then the connection dies."""
    slug = postgres.slug("crashed")
    async with pool.acquire() as blocker:
        transaction = blocker.transaction()
        await transaction.start()
        await blocker.execute("lock table public.retired_slugs in access exclusive mode")
        creating = asyncio.create_task(postgres.site("crashed"))
        await _kill_who_waits(pool)
        with pytest.raises(asyncpg.PostgresError):
            await creating
        await transaction.rollback()

    assert await pool.fetchval("select count(*) from public.sites where slug = $1", slug) == 0
    assert await pool.fetchval("select to_regnamespace($1)", slug.replace("-", "_")) is None
    assert (await postgres.site("crashed")).slug == slug


async def _kill_who_waits(pool: asyncpg.Pool) -> None:
    async with asyncio.timeout(10):
        while not await pool.fetch(  # noqa: ASYNC110  another backend's state has no event
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and wait_event_type = 'Lock' and query like '%retired_slugs%'"
        ):
            await asyncio.sleep(0.01)


async def test_of_many_creations_of_one_slug_one_wins(postgres: World) -> None:
    outcomes = await asyncio.gather(*(postgres.site("wanted") for _ in range(6)), return_exceptions=True)

    assert sum(isinstance(outcome, SiteScope) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, SlugTakenError) for outcome in outcomes) == 5
