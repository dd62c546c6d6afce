"""One site's stuck statements hold connections of their own, not the hosts of all other sites."""

import asyncio

import asyncpg

from tests.world import World, token


async def test_a_site_that_holds_every_connection_does_not_close_the_others(postgres: World, database_url: str) -> None:
    stuck = await postgres.site("stuck")
    await postgres.admin(stuck)
    await postgres.admin(await postgres.site("other"))
    async with postgres.http(database_pool_size=2) as client:
        headers = await token(client, postgres.host("stuck"))
        await client.get(f"{postgres.host('stuck')}/api/projects/", headers=headers)
        psql = await asyncpg.connect(database_url)
        async with psql.transaction():
            await psql.execute(f'lock table "{stuck.schema.name}".projects in access exclusive mode')
            waiting = [
                asyncio.create_task(client.get(f"{postgres.host('stuck')}/api/projects/", headers=headers))
                for _ in range(4)
            ]
            while await psql.fetchval(_WAITING, stuck.schema.name) < 2:  # noqa: ASYNC110  PostgreSQL has no event for it
                await asyncio.sleep(0)
            async with asyncio.timeout(5):
                other = await client.get(f"{postgres.host('other')}/.well-known/jwks.json")
                nobody = await client.get(f"{postgres.host('nobody')}/.well-known/jwks.json")
        await psql.close()
        answers = await asyncio.gather(*waiting)
    assert (other.status_code, nobody.status_code) == (200, 404)
    assert {answer.status_code for answer in answers} == {200}


_WAITING = """
select count(*) from pg_locks join pg_class on pg_class.oid = relation
 where not granted and relnamespace = $1::text::regnamespace
"""
