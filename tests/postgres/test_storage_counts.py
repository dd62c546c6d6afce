"""The counts of bytes in PostgreSQL: what writes beside us, and what psql leaves behind."""

import asyncio

import asyncpg
import pytest

from adapters.postgres.sql import quoted
from application.files.ports import FleetStorage, StorageLedger
from application.files.sweep_sites import SweepSites
from application.shared.ports import UnitOfWork
from application.tenancy.delete_site import DeleteSite
from tests.contracts.files.files import a_draft, a_file, add
from tests.contracts.files.test_storage import allow, take, used
from tests.world import World

pytestmark = pytest.mark.postgres


async def test_a_recount_repairs_what_psql_took_away(postgres: World, database_url: str) -> None:
    site = await postgres.site()
    ada = (await postgres.admin(site)).id
    await add(postgres, site, a_file(ada), a_file(ada), a_draft(ada))
    connection = await asyncpg.connect(database_url)
    await connection.execute(f"delete from {quoted(site.schema)}.files")
    await connection.close()
    async with postgres.acting(site) as container, await container.get(UnitOfWork):
        assert await (await container.get(StorageLedger)).recount() == 22

    assert (await used(postgres, "acme")).bytes == 11


async def test_two_recounts_at_once_repair_it_once(postgres: World) -> None:
    """The second one waits for the first, and only then looks."""
    site = await postgres.site()
    await add(postgres, site, a_file((await postgres.admin(site)).id))
    await take(postgres, site, 50)

    async def recount() -> int:
        async with postgres.acting(site) as container, await container.get(UnitOfWork):
            ledger: StorageLedger = await container.get(StorageLedger)
            return await ledger.recount()

    async with postgres.acting(site) as container, await container.get(UnitOfWork):
        assert await (await container.get(StorageLedger)).recount() == 50
        second = asyncio.create_task(recount())
        done, _ = await asyncio.wait({second}, timeout=0.5)
        assert not done
    assert (await second, (await used(postgres, "acme")).bytes) == (0, 11)


async def test_the_platform_repairs_the_sum_of_an_organization(postgres: World, database_url: str) -> None:
    site = await postgres.site()
    owner = await allow(postgres, 100)
    await take(postgres, site, 40)
    connection = await asyncpg.connect(database_url)
    await connection.execute("update public.organization_storage set bytes = 99 where organization_id = $1", owner)
    await connection.close()
    assert not await take(postgres, site, 60)
    async with postgres.acting() as container:
        assert owner in await (await container.get(FleetStorage)).miscounted()
        await (await container.get(SweepSites))()
        assert owner not in await (await container.get(FleetStorage)).miscounted()

    assert await take(postgres, site, 60)


async def test_a_site_is_deleted_under_uploads_and_recounts(postgres: World) -> None:
    """Requests that come too late find no schema; those that were in time have their bytes given back.

    Who drops a schema may want its tables in another order than they do, and one of them is told so; at the counts,
    which come after all tables, they never wait for each other in a circle.
    """
    ant, bee = await postgres.site("ant"), await postgres.site("bee")
    ada, bea = (await postgres.admin(ant)).id, (await postgres.admin(bee)).id

    async def recount() -> None:
        async with postgres.acting(ant) as container, await container.get(UnitOfWork):
            await (await container.get(StorageLedger)).recount()

    async def delete() -> None:
        async with postgres.acting() as container:
            await (await container.get(DeleteSite))(slug=postgres.slug("ant"), confirm=postgres.slug("ant"), seen=None)

    beside = [add(postgres, ant, a_draft(ada)) for _ in range(6)] + [recount() for _ in range(3)]
    await add(postgres, bee, a_draft(bea))
    results = await asyncio.gather(*beside[:5], delete(), *beside[5:], return_exceptions=True)
    circles = [one for one in results if isinstance(one, asyncpg.DeadlockDetectedError)]
    assert {type(one) for one in results} <= {type(None), asyncpg.UndefinedTableError, asyncpg.DeadlockDetectedError}
    assert not [one for one in circles if "on relation" not in str(one.detail) or "transaction" in str(one.detail)]
    assert results[5] is None
    async with postgres.acting() as container:
        await (await container.get(DeleteSite))(slug=postgres.slug("bee"), confirm=postgres.slug("bee"), seen=None)
        assert await (await container.get(FleetStorage)).miscounted() == []
