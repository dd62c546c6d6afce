from datetime import timedelta
from typing import Final

import asyncpg
import pytest

from application.tenancy.change_organization import ChangeOrganization
from application.tenancy.delete_organization import DeleteOrganization
from domain.tenancy.organization import OrganizationChanges
from tests.contracts.tenancy.people import a_caller, found
from tests.world import World

pytestmark = pytest.mark.postgres
INVITE: Final = """
    INSERT INTO public.invitations (id, organization_id, email, role, message, metadata, status, token_hash,
                                    expires_at, created_at, updated_at, version)
    SELECT gen_random_uuid(), id, $2, 'member', '', '{}', $3, sha256(($2 || id)::bytea), $4, $4, $4, 1
      FROM public.organizations WHERE slug = $1
"""
READ: Final = """
    SELECT i.email, i.status, i.ended_at IS NOT NULL, i.version
      FROM public.invitations i JOIN public.organizations o ON o.id = i.organization_id
     WHERE o.slug = $1 ORDER BY i.email
"""
MEMBERS: Final = """
    SELECT count(*) FROM public.members m JOIN public.organizations o ON o.id = m.organization_id WHERE o.slug = $1
"""


async def test_a_deleted_organization_binds_nobody(postgres: World) -> None:
    ada, at = await a_caller(postgres, "ada"), postgres.clock() + timedelta(days=7)
    gone, kept = (await found(postgres, ada, "Gone")).slug, (await found(postgres, ada, "Kept")).slug
    async with postgres.acting(caller=ada) as container:
        pool = await container.get(asyncpg.Pool)
        for slug in (gone, kept):
            await pool.execute(INVITE, slug, "a@example.org", "pending", at)
            await pool.execute(INVITE, slug, "b@example.org", "declined", at)
        await (await container.get(DeleteOrganization))(slug=gone, confirm=gone, seen=None)
        rows = {slug: [tuple(row) for row in await pool.fetch(READ, slug)] for slug in (gone, kept)}

        members = [await pool.fetchval(MEMBERS, slug) for slug in (gone, kept)]

    assert members == [0, 1]
    declined = ("b@example.org", "declined", False, 1)
    assert rows[gone] == [("a@example.org", "revoked", True, 2), declined]
    assert rows[kept] == [("a@example.org", "pending", False, 1), declined]


async def test_only_what_closes_an_organization_touches_its_sites(postgres: World) -> None:
    scope = await postgres.site()

    async def routed_in(changes: OrganizationChanges) -> int:
        async with postgres.acting() as container:
            change = await container.get(ChangeOrganization)
            await change(slug=postgres.organization, changes=changes, seen=None)
            pool = await container.get(asyncpg.Pool)
            return int(await pool.fetchval("SELECT routed_in FROM public.sites WHERE id = $1", scope.site_id))

    named = [await routed_in(OrganizationChanges(name=name)) for name in ("One", "Two")]
    closed = [await routed_in(OrganizationChanges(is_active=flag)) for flag in (False, True, True)]
    assert named[0] == named[1] < closed[0] < closed[1] == closed[2]
