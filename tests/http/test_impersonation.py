"""Admins of the platform in a site: as themselves, or as somebody else."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import jwt
import pytest

from domain.identity.user import User
from domain.tenancy.membership import MemberRole
from domain.tenancy.scope import SiteScope
from tests.contracts.identity.ports import transaction
from tests.http.accounts import Account, bearer
from tests.http.entrance import Entrance
from tests.world import PLATFORM as PLATFORM_SCOPE
from tests.world import World


def claims(token: str) -> dict[str, Any]:
    content: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return content


@pytest.fixture
async def acme(world: World) -> SiteScope:
    return await world.site()


@pytest.fixture
async def ada(world: World, acme: SiteScope) -> User:
    """An admin of the site, who is of no other place."""
    return await world.admin(acme, "ada")


@pytest.fixture
async def door(world: World, acme: SiteScope, ada: User) -> AsyncIterator[Entrance]:
    """`root` is an admin of the platform, `bob` a user of the site without rights."""
    await world.admin(username="root")
    await world.user(acme, "bob")
    async with world.http() as client:
        yield Entrance(world, client)


async def user_id(world: World, acme: SiteScope, name: str) -> UUID:
    async with transaction(world, acme) as ports:
        user = await ports.users.find_by_login(name)
        assert user
        return user.id


async def test_an_admin_comes_in_as_themselves_with_all_rights(door: Entrance, world: World, acme: SiteScope) -> None:
    pair = await door.enter("root")

    assert await door.projects(pair) == 200
    own = await user_id(world, acme, f"root-{world.suffix}")
    content = claims(pair["access"])
    assert content["sub"] == str(own)
    assert content["imp"] == claims(await door.token("root"))["sub"]


async def test_acts_as_a_user_with_that_ones_rights(door: Entrance, world: World, acme: SiteScope, ada: User) -> None:
    bob = await user_id(world, acme, "bob")

    assert await door.users(await door.enter("root", user=ada.id)) == 200
    as_bob = await door.enter("root", user=bob)
    assert await door.users(as_bob) == 403
    assert claims(as_bob["access"])["sub"] == str(bob)


async def test_an_admin_who_is_a_member_comes_in_as_one(door: Entrance, world: World, acme: SiteScope) -> None:
    async with transaction(world, PLATFORM_SCOPE) as ports:
        root = await ports.users.find_by_login(f"root-{world.suffix}")
        assert root
    await door.join(root, MemberRole.MEMBER, acme)

    pair = await door.enter("root")

    assert "imp" not in claims(pair["access"])
    assert await door.users(pair) == 403


async def test_acts_as_nobody_who_is_not_there_or_not_active(
    door: Entrance, world: World, acme: SiteScope, ada: User
) -> None:
    async with transaction(world, acme) as ports:
        await ports.users.save(replace(ada, is_active=False))
    token = await door.token("root")
    other = await world.user(await world.site("other"), "eve")

    for user in (ada.id, other.id, uuid4()):
        refused = await door.exchange(token, user=user)
        assert (refused.status_code, list(refused.json()["details"])) == (400, ["user"])


async def test_ends_when_it_was_said_to_however_often_it_is_renewed(door: Entrance, world: World, ada: User) -> None:
    started = world.clock()
    async with world.http(impersonation_seconds=1200) as client:
        inside = Entrance(world, client)
        pair = await inside.enter("root", user=ada.id)
        ends: list[int] = []
        for _ in range(3):
            ends += [claims(pair["access"])["exp"], claims(pair["refresh"])["exp"]]
            world.clock.advance(minutes=6)
            pair = (await inside.inside().refresh(pair["refresh"])).json()
        assert max(ends) - started.timestamp() <= 1201
        assert claims(pair["access"])["exp"] - world.clock().timestamp() < 121
        (session,) = (await inside.inside().sessions(pair["access"])).json()["results"]
        assert 1199 <= (datetime.fromisoformat(session["expires_at"]) - started).total_seconds() <= 1201
        world.clock.advance(seconds=100)
        assert await inside.projects(pair) == 200
        world.clock.advance(seconds=21)
        assert await inside.projects(pair) == 401
        assert (await inside.inside().refresh(pair["refresh"])).status_code == 401


async def test_a_lost_answer_does_not_lengthen_it(door: Entrance, world: World, ada: User) -> None:
    pair = await door.enter("root", user=ada.id)
    until = claims(pair["refresh"])["exp"]
    world.clock.advance(minutes=25)
    renewed = (await door.inside().refresh(pair["refresh"])).json()
    repeated = (await door.inside().refresh(pair["refresh"])).json()

    assert repeated["refresh"] == renewed["refresh"]
    for again in (renewed, repeated):
        assert claims(again["access"])["exp"] <= until
        assert claims(again["refresh"])["exp"] <= until
        assert claims(again["access"])["imp"] == claims(pair["access"])["imp"]


async def test_the_user_sees_it_among_their_sessions(door: Entrance, world: World, ada: User) -> None:
    here = Account(door.client, world.host(), "ada")
    own = await here.log_in()
    await door.enter("root", user=ada.id)

    shown = (await here.sessions(own["access"])).json()["results"]
    assert {one["impersonated_by"] for one in shown} == {None, f"root-{world.suffix}"}
    (theirs,) = [one for one in shown if one["impersonated_by"]]
    ended = await here.client.delete(f"{here.base}/api/auth/sessions/{theirs['id']}/", headers=bearer(own["access"]))
    assert ended.status_code == 204


async def test_what_only_the_user_in_person_may_do(door: Entrance, world: World, ada: User) -> None:
    here = Account(door.client, world.host(), "ada")
    own = await here.log_in()
    acting = await door.enter("root", user=ada.id)
    headers = bearer(acting["access"])
    shown = (await here.sessions(acting["access"])).json()["results"]
    ids = {one["current"]: one["id"] for one in shown}
    url = f"{here.base}/api/auth/sessions/"

    refused = [
        await here.change_password(acting["access"]),
        await door.client.delete(url, headers=headers),
        await door.client.delete(f"{url}{ids[False]}/", headers=headers),
        await door.client.delete(f"{url}{uuid4()}/", headers=headers),
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(403, "while_impersonating")}
    assert (await door.exchange(acting["access"])).status_code == 401
    assert (await here.sessions(own["access"])).status_code == 200
    assert (await door.client.delete(f"{url}{ids[True]}/", headers=headers)).status_code == 204
    assert await door.projects(acting) == 401
    assert (await here.attempt()).status_code == 200


async def test_no_log_out_of_the_user_leaves_it_alive(door: Entrance, world: World, ada: User) -> None:
    here = Account(door.client, world.host(), "ada")
    acting = await door.enter("root", user=ada.id)
    own = await here.log_in()

    await here.client.delete(f"{here.base}/api/auth/sessions/", headers=bearer(own["access"]))

    assert await door.projects(acting) == 401
    assert (await door.inside().refresh(acting["refresh"])).status_code == 401


@pytest.mark.postgres
async def test_the_history_tells_who_it_was(postgres: World) -> None:
    acme = await postgres.site()
    ada = await postgres.admin(acme, "ada")
    root = await postgres.admin(username="root")
    async with postgres.http() as client:
        door = Entrance(postgres, client)
        acting = await door.enter("root", user=ada.id)
        url = f"{postgres.host()}/api/projects/"
        opened = await client.post(url, json={"name": "Moon"}, headers=bearer(acting["access"]))
        assert opened.status_code == 201
        assert (await door.inside().refresh(acting["refresh"])).status_code == 200
    pool = await postgres.container.get(asyncpg.Pool)
    history = f'"{acme.schema.name}".history'
    acted = await pool.fetchrow(f"select actor, actor_label, impersonator from {history} where table_name = 'projects'")
    entered = await pool.fetchrow(
        f"select actor, actor_label, after ->> 'impersonator' as impersonator"
        f" from {history} where table_name = 'sessions'"
    )

    renewed = await pool.fetch(
        f"select impersonator from {history} where after ? 'last_used_at' and operation = 'update'"
    )

    assert [record["impersonator"] for record in renewed] == [root.id]
    assert acted
    assert dict(acted) == {"actor": ada.id, "actor_label": "ada", "impersonator": root.id}
    assert entered
    assert dict(entered) == {"actor": None, "actor_label": f"platform:{root.username}", "impersonator": str(root.id)}
