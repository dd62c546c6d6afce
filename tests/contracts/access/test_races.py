"""Whoever loses a right while using it: what was decided under the object's lock is done, nothing is after that."""

import asyncio
from collections.abc import Awaitable

import asyncpg
import pytest

from application.access.object_access import ObjectAccess
from application.access.revoke_grant import RevokeGrant
from application.projects.ports import ProjectRepository
from application.shared.ports import UnitOfWork
from domain.access.grant import UnknownReceiverError
from domain.projects.project import PROJECTS, ProjectChanges, ProjectNotFoundError
from domain.shared.grantable import ObjectPermission
from tests.contracts.access.objects import CHANGE, SHARE, VIEW, a_project, caller, rename, revoke, share
from tests.domain.identity.people import NOON
from tests.world import OPERATOR, World

pytestmark = pytest.mark.postgres


async def ended(attempt: Awaitable[object]) -> bool:
    try:
        await attempt
    except ProjectNotFoundError:
        return False
    return True


async def test_a_change_under_way_is_finished_before_the_grant_goes(postgres: World) -> None:
    site = await postgres.site()
    ada, bob = await postgres.user(site, "ada"), await postgres.user(site, "bob")
    project = await a_project(postgres, site, ada.id)
    grant = await share(postgres, site, project, [CHANGE], user=bob.id)

    async with postgres.acting(site, caller(bob.id)) as container:
        projects, access = await container.get(ProjectRepository), await container.get(ObjectAccess)
        async with await container.get(UnitOfWork):
            current = await projects.get(project.id)
            await access.require(PROJECTS, project.id, current.owner, ObjectPermission.CHANGE)
            revoking = asyncio.create_task(revoke(postgres, site, grant))
            done, _ = await asyncio.wait({revoking}, timeout=0.3)
            assert not done, "it waits for the change"
            await projects.save(current.change(ProjectChanges(name="Mars"), at=NOON))
    await revoking
    with pytest.raises(ProjectNotFoundError):
        await rename(postgres, site, project, by=caller(bob.id))


async def test_a_change_that_waits_for_the_grant_to_go_is_refused(postgres: World) -> None:
    site = await postgres.site()
    ada, bob = await postgres.user(site, "ada"), await postgres.user(site, "bob")
    project = await a_project(postgres, site, ada.id)
    grant = await share(postgres, site, project, [CHANGE], user=bob.id)

    async with postgres.acting(site, OPERATOR) as container:
        access, grants = await container.get(ObjectAccess), (await container.get(RevokeGrant)).grants
        async with await container.get(UnitOfWork):
            await access.lock(PROJECTS, project.id, ObjectPermission.SHARE)
            changing = asyncio.create_task(ended(rename(postgres, site, project, by=caller(bob.id))))
            done, _ = await asyncio.wait({changing}, timeout=0.3)
            assert not done, "it waits for the revocation"
            await grants.remove(grant)
    assert not await changing


async def test_what_is_shared_goes_on_while_who_shares_loses_it(postgres: World, database_url: str) -> None:
    site = await postgres.site()
    ada, bob = await postgres.user(site, "ada"), await postgres.user(site, "bob")
    others = [(await postgres.user(site, f"user{number}")).id for number in range(6)]
    project = await a_project(postgres, site, ada.id)
    grant = await share(postgres, site, project, [SHARE], user=bob.id)

    attempts = [ended(share(postgres, site, project, [VIEW], user=user, by=caller(bob.id))) for user in others]
    results = await asyncio.gather(*attempts[:3], ended(revoke(postgres, site, grant)), *attempts[3:])

    connection = await asyncpg.connect(database_url)
    history = f'"{site.schema.name}".history'
    inserted = f"select id from {history} where table_name = 'grants' and operation = 'insert' order by id offset 1"
    given = [record[0] for record in await connection.fetch(inserted)]
    taken = await connection.fetchval(f"select id from {history} where table_name = 'grants' and operation = 'delete'")
    await connection.close()
    assert len(given) == sum(results) - 1
    assert all(one < taken for one in given), "none after the revocation"


async def test_nothing_is_granted_to_whoever_goes_meanwhile(postgres: World, database_url: str) -> None:
    site = await postgres.site()
    ada = await postgres.user(site, "ada")
    projects = [await a_project(postgres, site, ada.id) for _ in range(4)]
    bob = await postgres.user(site, "bob")
    connection = await asyncpg.connect(database_url)
    gone = connection.execute(f"""delete from "{site.schema.name}".users where username = 'bob'""")

    attempts = [share(postgres, site, project, [VIEW], user=bob.id) for project in projects]
    results = await asyncio.gather(*attempts, gone, return_exceptions=True)

    assert not [one for one in results if isinstance(one, Exception) and not isinstance(one, UnknownReceiverError)]
    assert await connection.fetchval(f'select count(*) from "{site.schema.name}".grants') == 0
    await connection.close()
