"""Whatever takes away what somebody may in a site: every process knows, for both kinds of token."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest

from domain.tenancy.membership import MemberRole
from domain.tenancy.scope import SiteScope
from tests.http.accounts import JWT
from tests.http.entrance import Entrance
from tests.providers import SteppedCache
from tests.world import World

pytestmark = pytest.mark.postgres

OF_MARK = "user_id = (select id from public.users where username = 'mark-' || $1)"
OF_OLIVIA = OF_MARK.replace("mark", "olivia")
ACCESS_OF_MARK = f"member_id in (select id from public.members where {OF_MARK})"
MARK_GOES = {
    "removed": f"delete from public.members where {OF_MARK}",
    "deactivated as a member": f"update public.members set is_active = false where {OF_MARK}",
    "access revoked": f"delete from public.site_access where {ACCESS_OF_MARK}",
    "deactivated on the platform": "update public.users set is_active = false where username = 'mark-' || $1",
    "deleted on the platform": f"delete from public.members where {OF_MARK};"
    "delete from public.users where username = 'mark-' || $1",
}
OLIVIA_GOES = {statement: text.replace("mark", "olivia") for statement, text in MARK_GOES.items()}
del OLIVIA_GOES["access revoked"]
OLIVIA_GOES["demoted"] = f"update public.members set role = 'member' where {OF_OLIVIA}"


@dataclass(frozen=True, slots=True)
class Two:
    """Two processes on one database, and psql."""

    here: Entrance
    there: Entrance
    psql: asyncpg.Connection

    async def change(self, statement: str) -> None:
        for step in statement.split(";"):
            assert await self.psql.execute(step, self.here.world.suffix) in ("UPDATE 1", "DELETE 1")


@pytest.fixture
async def acme(postgres: World) -> SiteScope:
    return await postgres.site()


@pytest.fixture
async def two(postgres: World, acme: SiteScope, database_url: str) -> AsyncIterator[Two]:
    psql = await asyncpg.connect(database_url)
    async with postgres.http() as here, postgres.http() as there:
        door = Entrance(postgres, here)
        await door.person("olivia", MemberRole.OWNER)
        await door.person("mark", MemberRole.MEMBER, acme)
        yield Two(door, Entrance(postgres, there), psql)
    await psql.close()


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        *(pytest.param("mark", text, id=f"a member {what}") for what, text in MARK_GOES.items()),
        *(pytest.param("olivia", text, id=f"an owner {what}") for what, text in OLIVIA_GOES.items()),
    ],
)
async def test_is_out_in_every_process_with_either_token(two: Two, name: str, statement: str) -> None:
    pair, token = await two.here.enter(name), await two.here.token(name)
    for door in (two.here, two.there):
        assert (await door.inside().sessions(pair["access"])).status_code == 200

    await two.change(statement)

    for door in (two.there, two.here):
        inside = door.inside()
        refused = await inside.sessions(pair["access"])
        assert (refused.status_code, refused.json()["code"]) == (401, "token_not_valid")
        assert await door.projects(pair) == 401
        assert await inside.verify(pair["access"]) == await inside.verify(pair["refresh"]) == 401
        assert (await inside.refresh(pair["refresh"])).status_code == 401
        assert (await door.exchange(token)).status_code in (401, 403)


async def test_a_demoted_owner_with_access_goes_on_as_a_user(two: Two, acme: SiteScope) -> None:
    await two.psql.execute(
        "insert into public.site_access select gen_random_uuid(), members.id, $2, joined_at from public.members"
        f" where {OF_OLIVIA}",
        two.here.world.suffix,
        acme.site_id,
    )
    pair = await two.here.enter("olivia")
    await two.change(OLIVIA_GOES["demoted"])

    for door in (two.there, two.here):
        assert await door.users(pair) == 403
        assert (await door.inside().sessions(pair["access"])).status_code == 200
    assert (await two.there.inside().refresh(pair["refresh"])).status_code == 200


async def test_a_closed_organization_closes_its_doors(two: Two) -> None:
    """Even in a process that still routes to the site."""
    pair, token = await two.here.enter("mark"), await two.here.token("mark")
    await two.psql.execute(
        "update public.organizations set is_active = false where slug = $1", two.here.world.organization
    )

    assert (await two.there.inside().sessions(pair["access"])).status_code in (401, 503)
    assert (await two.there.exchange(token)).status_code in (403, 503)


async def test_a_process_believes_for_two_seconds_and_no_longer(two: Two) -> None:
    cache = SteppedCache()
    async with two.here.world.http(cache) as client:
        door = Entrance(two.here.world, client)
        pair = await door.enter("mark")
        assert (await door.inside().sessions(pair["access"])).status_code == 200
        await two.change(MARK_GOES["access revoked"])

        cache.time = 1.9
        assert (await door.inside().sessions(pair["access"])).status_code == 200
        assert (await door.inside().refresh(pair["refresh"])).status_code == 401
        cache.time = 2.0
        assert (await door.inside().sessions(pair["access"])).status_code == 401


async def test_first_entries_at_once_make_one_user(two: Two) -> None:
    token = await two.here.token("mark")

    answers = await asyncio.gather(*(door.exchange(token) for door in (two.here, two.there) * 4))

    assert [answer.status_code for answer in answers] == [200] * 8
    count = await two.psql.fetchval(f'select count(*) from "{two.here.world.slug().replace("-", "_")}".users')
    assert count == 1


async def test_first_entries_of_admins_of_the_platform_at_once_make_one_user(two: Two) -> None:
    """They have no membership to wait for each other at."""
    await two.here.world.admin(username="root")
    token = await two.here.token("root")

    answers = await asyncio.gather(*(door.exchange(token) for door in (two.here, two.there) * 4))

    assert [answer.status_code for answer in answers] == [200] * 8
    count = await two.psql.fetchval(f'select count(*) from "{two.here.world.slug().replace("-", "_")}".users')
    assert count == 1


async def test_first_entries_of_two_people_who_want_one_name(two: Two, acme: SiteScope) -> None:
    """`mark` of the platform and whoever gets that name in the site meanwhile."""
    token = await two.here.token("mark")
    name = f"mark-{two.here.world.suffix}"

    entered, _ = await asyncio.gather(two.here.exchange(token), two.here.world.user(acme, name), return_exceptions=True)

    assert not isinstance(entered, BaseException)
    assert entered.status_code == 200
    names = await two.psql.fetch(f'select username, linked_user_id from "{acme.schema.name}".users')
    assert len({record["username"] for record in names}) == len(names)
    assert [record["linked_user_id"] is not None for record in names].count(True) == 1


async def test_an_entry_waits_for_a_revocation_under_way_and_sees_it(two: Two) -> None:
    token = await two.here.token("mark")
    transaction = two.psql.transaction()
    await transaction.start()
    await two.psql.execute(f"select 1 from public.members where {OF_MARK} for update", two.here.world.suffix)
    await two.change(MARK_GOES["access revoked"])
    entering = asyncio.create_task(two.here.exchange(token))
    while not await _somebody_waits(two):
        assert not entering.done()
    await transaction.commit()

    assert (await entering).status_code == 403


async def _somebody_waits(two: Two) -> bool:
    """Asked on another connection: within a transaction the answer would stay the same."""
    pool = await two.here.world.container.get(asyncpg.Pool)
    return bool(await pool.fetchval("select exists(select from pg_locks where not granted)"))


async def test_an_impersonation_ends_with_the_admin(two: Two, acme: SiteScope) -> None:
    world = two.here.world
    local = await world.admin(acme)
    for number, statement in enumerate(
        (
            "update public.users set is_admin = false where username = 'root{}-' || $1",
            "update public.users set is_active = false where username = 'root{}-' || $1",
            "delete from public.users where username = 'root{}-' || $1",
        )
    ):
        await world.admin(username=f"root{number}")
        pairs = [await two.here.enter(f"root{number}", user=user) for user in (None, local.id)]
        assert [await two.there.projects(pair) for pair in pairs] == [200, 200]

        await two.change(statement.format(number))

        for door in (two.there, two.here):
            for pair in pairs:
                assert await door.projects(pair) == 401
                assert await door.inside().verify(pair["refresh"]) == 401
                assert (await door.inside().refresh(pair["refresh"])).status_code == 401


async def test_acting_as_a_member_ends_with_the_membership(two: Two) -> None:
    world = two.here.world
    await world.admin(username="root")
    inside = two.here.inside()
    own = await two.here.enter("mark")
    mark = await two.psql.fetchval(f'select id from "{world.slug().replace("-", "_")}".users')
    acting = await two.here.enter("root", user=mark)
    assert (await inside.sessions(acting["access"])).status_code == 200

    await two.change(MARK_GOES["access revoked"])

    for pair in (own, acting):
        assert (await two.there.inside().sessions(pair["access"])).status_code == 401
        assert (await two.there.inside().refresh(pair["refresh"])).status_code == 401
    refused = await two.here.exchange(await two.here.token("root"), user=mark)
    assert (refused.status_code, refused.json()["details"]) == (400, {"user": ["is not an active user of this site"]})
    assert (await inside.post(f"{JWT}/verify/", {"token": acting["access"]})).status_code == 401
