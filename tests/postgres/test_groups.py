"""What only PostgreSQL can tell of groups: their history, and rows of another release."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.http.staff import Person, sign_in
from tests.world import PASSWORD, World

pytestmark = pytest.mark.postgres


@pytest.fixture
async def psql(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A plain connection, as psql has it."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest.fixture
async def ada(postgres: World) -> AsyncIterator[Person]:
    """The admin of a site in which there is a user Bob."""
    site = await postgres.site()
    await postgres.admin(site, "ada")
    await postgres.user(site, "bob")
    async with postgres.http() as client:
        yield await sign_in(client, postgres.host(), "ada")


@pytest.fixture
def schema(postgres: World) -> str:
    return postgres.slug().replace("-", "_")


async def test_who_joins_and_who_leaves_is_history(ada: Person, psql: asyncpg.Connection, schema: str) -> None:
    bob = (await ada.listed("/api/users/", search="bob"))[1][0]
    group = await ada.made("/api/groups/", name="Readers", permissions=["projects.view"])
    members = f"/api/groups/{group['id']}/members/"
    joined = await ada.made(members, user=bob["id"])
    await ada("DELETE", f"{members}{bob['id']}/")
    await ada("PATCH", f"/api/groups/{group['id']}/", json={"permissions": []})
    entries = await psql.fetch(
        f"select operation, actor_label, row_id::text, coalesce(after, before) ->> 'user_id' as who "
        f"from \"{schema}\".history where table_name = 'group_members' order by id"
    )
    changed = await psql.fetchrow(
        f"select before -> 'permissions' ->> 0 as had, after -> 'permissions' as has from \"{schema}\".history "
        f"where table_name = 'groups' and operation = 'update'"
    )

    assert [tuple(entry) for entry in entries] == [
        (operation, "ada", joined["id"], bob["id"]) for operation in ("insert", "delete")
    ]
    assert changed is not None
    assert tuple(changed) == ("projects.view", "[]")


async def test_permissions_of_another_release_mean_nothing(ada: Person, psql: asyncpg.Connection, schema: str) -> None:
    bob = await sign_in(ada.client, ada.base, "bob")
    group = await ada.made("/api/groups/", name="Readers")
    await ada.made(f"/api/groups/{group['id']}/members/", user=(await bob.me())["id"])
    await psql.execute(
        f'update "{schema}".groups set permissions = $1',
        ["projects.fly", "projects.view", "admins.manage", "sites.manage", ""],
    )
    shown = (await ada("GET", f"/api/groups/{group['id']}/")).json()

    assert shown["permissions"] == ["projects.view"]
    assert (await ada.listed("/api/groups/"))[1] == [shown]
    assert (await bob("GET", "/api/projects/")).status_code == 200
    assert (await bob("GET", "/api/users/")).status_code == 403
    renamed = await ada("PATCH", f"/api/groups/{group['id']}/", json={"name": "New"})
    assert (renamed.status_code, renamed.json()["permissions"]) == (200, ["projects.view"])


async def test_many_changes_of_users_and_groups_at_once_end_without_a_deadlock(ada: Person) -> None:
    names = [f"u{number}" for number in range(5)]
    people = [
        await ada.made("/api/users/", username=name, email=f"{name}@example.org", password=PASSWORD, is_admin=True)
        for name in names
    ]
    group = await ada.made("/api/groups/", name="Readers")
    members = f"/api/groups/{group['id']}/members/"
    steps: list[tuple[str, str, dict[str, Any]]] = [("PATCH", f"/api/groups/{group['id']}/", {"name": "New"})]
    for person in people:
        path = f"/api/users/{person['id']}/"
        steps += [
            ("PATCH", path, {"is_admin": False}),
            ("POST", members, {"user": person["id"]}),
            ("PATCH", path, {"is_admin": True, "first_name": "x"}),
            ("POST", "/api/projects/", {"name": "Moon", "owner": person["id"]}),
            ("DELETE", path, {}),
        ]
    answers = await asyncio.gather(*(ada(method, path, json=body or None) for method, path, body in steps))

    assert {answer.status_code for answer in answers} <= {200, 201, 204, 400, 404, 409}
    kept = {row["owner"] for row in (await ada.listed("/api/projects/"))[1]}
    assert kept <= {user["id"] for user in (await ada.listed("/api/users/"))[1]}
