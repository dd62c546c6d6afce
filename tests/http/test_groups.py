import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from domain.shared.caller import GROUP_PERMISSIONS
from tests.http.people import Person, sign_in
from tests.world import World

GROUPS = "/api/groups/"
PROJECTS = "/api/projects/"


@pytest.fixture
async def ada(world: World) -> AsyncIterator[Person]:
    """The admin of a site in which there are the users Bob and Grace."""
    site = await world.site()
    await world.admin(site, "ada")
    for name in ("bob", "grace"):
        await world.user(site, name)
    async with world.http() as client:
        yield await sign_in(client, world.host(), "ada")


@pytest.fixture
async def bob(ada: Person) -> Person:
    return await sign_in(ada.client, ada.base, "bob")


@pytest.fixture
async def grace(ada: Person) -> Person:
    return await sign_in(ada.client, ada.base, "grace")


def path_of(group: dict[str, Any]) -> str:
    return f"{GROUPS}{group['id']}/"


def members_of(group: dict[str, Any]) -> str:
    return f"{path_of(group)}members/"


async def test_makes_changes_and_deletes_a_group(ada: Person) -> None:
    answer = await ada("POST", GROUPS, json={"name": "Editors", "permissions": ["projects.view", "projects.view"]})
    group = answer.json()
    assert (answer.status_code, answer.headers["location"], answer.headers["etag"]) == (201, path_of(group), '"1"')
    assert (group["permissions"], group["members"]) == (["projects.view"], [])
    assert group["created_by"] == (await ada.me())["id"]
    shown = await ada("GET", path_of(group))
    assert (shown.json(), shown.headers["etag"]) == (group, '"1"')

    patched = await ada("PATCH", path_of(group), json={"name": "Readers"}, headers={"If-Match": '"1"'})
    partial = await ada("PUT", path_of(group), json={"name": "x"})
    whole = {"name": "Writers", "permissions": []}
    stale = await ada("PUT", path_of(group), json=whole, headers={"If-Match": '"1"'})
    replaced = await ada("PUT", path_of(group), json=whole, headers={"If-Match": '"2"'})
    assert (patched.json()["name"], patched.json()["permissions"]) == ("Readers", ["projects.view"])
    assert partial.json()["details"].keys() == {"permissions"}
    assert stale.status_code == 412
    assert {key: replaced.json()[key] for key in whole} == whole

    assert (await ada("DELETE", path_of(group), headers={"If-Match": '"1"'})).status_code == 412
    answers = [await ada(method, path_of(group)) for method in ("DELETE", "DELETE", "GET", "GET")]
    assert [one.status_code for one in answers] == [204, 404, 404, 404]


async def test_names_what_is_wrong(ada: Person) -> None:
    await ada.made(GROUPS, name="Editors")
    wrong = await ada("POST", GROUPS, json={"name": " ", "permissions": ["projects.fly", "admins.manage", "\u0430\0"]})
    taken = await ada("POST", GROUPS, json={"name": "EDITORS"})
    query = await ada("GET", GROUPS, params={"ordering": "members", "name": "x", "member": "y"})

    assert wrong.json()["details"].keys() == {"name", "permissions"}
    assert [name in wrong.text for name in ("projects.fly", "admins.manage")] == [True, True]
    assert (taken.status_code, taken.json()["code"]) == (409, "group_name_taken")
    assert query.json()["details"].keys() == {"ordering", "name", "member"}


async def test_every_permission_of_a_group_can_be_given(ada: Person) -> None:
    group = await ada.made(GROUPS, name="All", permissions=list(GROUP_PERMISSIONS))

    assert group["permissions"] == sorted(GROUP_PERMISSIONS)


async def test_a_permission_comes_and_goes_with_membership(ada: Person, bob: Person) -> None:
    him = await bob.me()
    group = await ada.made(GROUPS, name="Readers", permissions=["projects.view"])
    assert (await bob("GET", PROJECTS)).status_code == 403

    joined = await ada("POST", members_of(group), json={"user": him["id"]})
    assert joined.status_code == 201
    assert joined.headers["location"] == f"{members_of(group)}{him['id']}/"
    assert joined.json()["user"] == {
        "id": him["id"],
        "username": "bob",
        "email": "bob@example.org",
        "full_name": "",
        "is_active": True,
    }
    assert (await bob("GET", PROJECTS)).status_code == 200
    assert (await bob("POST", PROJECTS, json={"name": "Moon"})).status_code == 403
    assert (await bob.me())["groups"] == [{"id": group["id"], "name": "Readers"}]
    assert (await ada("GET", path_of(group))).json()["members"] == [him["id"]]

    await ada("PATCH", path_of(group), json={"permissions": ["projects.view", "projects.create"]})
    assert (await bob("POST", PROJECTS, json={"name": "Moon"})).status_code == 201
    await ada("PATCH", path_of(group), json={"permissions": ["projects.view"]})
    assert (await bob("POST", PROJECTS, json={"name": "Mars"})).status_code == 403

    assert (await ada("DELETE", f"{members_of(group)}{him['id']}/")).status_code == 204
    assert (await bob("GET", PROJECTS)).status_code == 403
    assert (await bob.me())["groups"] == []


async def test_a_deleted_group_gives_nothing_any_more(ada: Person, bob: Person) -> None:
    group = await ada.made(GROUPS, name="Readers", permissions=["projects.view"])
    await ada.made(members_of(group), user=(await bob.me())["id"])
    assert (await bob("GET", PROJECTS)).status_code == 200
    await ada("DELETE", path_of(group))

    assert (await bob("GET", PROJECTS)).status_code == 403


async def test_another_process_forgets_what_a_group_gave(world: World, ada: Person, bob: Person) -> None:
    him = (await bob.me())["id"]
    group = await ada.made(GROUPS, name="Readers", permissions=["projects.view"])
    await ada.made(members_of(group), user=him)
    async with world.http(access_check_seconds=0.05) as other:
        there = await sign_in(other, ada.base, "bob")
        assert (await there("GET", PROJECTS)).status_code == 200
        await ada("DELETE", f"{members_of(group)}{him}/")
        async with asyncio.timeout(5):
            while (await there("GET", PROJECTS)).status_code != 403:
                pass  # until its 50 milliseconds are over


async def test_a_manager_of_groups_gives_no_more_than_they_have(ada: Person, bob: Person, grace: Person) -> None:
    his, hers = (await bob.me())["id"], (await grace.me())["id"]
    managers = await ada.made(GROUPS, name="Managers", permissions=["groups.manage", "projects.view"])
    strong = await ada.made(GROUPS, name="Strong", permissions=["projects.view", "projects.delete"])
    await ada.made(members_of(managers), user=his)
    weak = await bob.made(GROUPS, name="Weak", permissions=["projects.view"])

    for method, path, body in (
        ("POST", GROUPS, {"name": "x", "permissions": ["projects.delete"]}),
        ("PATCH", path_of(weak), {"permissions": ["users.manage"]}),
        ("PUT", path_of(managers), {"name": "Managers", "permissions": ["groups.manage", "projects.share"]}),
        ("PATCH", path_of(strong), {"permissions": ["projects.view"]}),
        ("POST", members_of(strong), {"user": his}),
        ("POST", members_of(strong), {"user": hers}),
    ):
        refused = await bob(method, path, json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    assert (await bob("POST", members_of(weak), json={"user": hers})).status_code == 201
    assert (await bob("POST", members_of(weak), json={"user": his})).status_code == 201
    assert (await bob("GET", "/api/users/")).status_code == 403
    assert (await grace("GET", PROJECTS)).status_code == 200


async def test_a_manager_of_users_takes_nobodys_place(ada: Person, bob: Person, grace: Person) -> None:
    his, hers = (await bob.me())["id"], (await grace.me())["id"]
    for name, permissions, member in (("HR", ["users.manage", "users.view"], his), ("Ops", ["projects.delete"], hers)):
        group = await ada.made(GROUPS, name=name, permissions=permissions)
        await ada.made(members_of(group), user=member)
    boss = (await ada.me())["id"]

    for path, body in (
        (hers, {"password": "a-password-of-his"}),
        (hers, {"email": "his@example.org"}),
        (hers, {"is_admin": True}),
        (boss, {"first_name": "x"}),
        (his, {"is_admin": True}),
        (his, {"is_active": False}),
    ):
        refused = await bob("PATCH", f"/api/users/{path}/", json=body)
        assert refused.status_code == 403, body
    new = {"username": "n", "email": "n@example.org", "password": "a-password-of-his"}
    assert (await bob("POST", "/api/users/", json=new | {"is_admin": True})).status_code == 403
    assert (await bob("POST", "/api/users/", json=new)).status_code == 201
    assert (await bob("PATCH", f"/api/users/{hers}/", json={"last_name": "Hopper"})).status_code == 200


async def test_members_are_listed_and_added_once(ada: Person, bob: Person, grace: Person) -> None:
    his, hers = (await bob.me())["id"], (await grace.me())["id"]
    group = await ada.made(GROUPS, name="Readers")
    for member in (hers, his):
        await ada.made(members_of(group), user=member)
    again = await ada("POST", members_of(group), json={"user": his})
    unknown = await ada("POST", members_of(group), json={"user": str(uuid4())})

    assert (again.status_code, again.json()["code"]) == (409, "member_exists")
    assert (unknown.status_code, unknown.json()["details"].keys()) == (400, {"user"})
    count, found = await ada.listed(members_of(group))
    assert (count, [one["user"]["username"] for one in found]) == (2, ["bob", "grace"])
    count, found = await ada.listed(members_of(group), search="grace", ordering="-created_at")
    assert (count, found[0]["user"]["id"]) == (1, hers)
    assert (await ada.listed("/api/users/", group=group["id"]))[0] == 2
    assert (await ada.listed(GROUPS, member=his))[0] == 1
    absent = f"{GROUPS}{uuid4()}/members/"
    for method, path, more in (
        ("GET", absent, {}),
        ("POST", absent, {"json": {"user": his}}),
        ("DELETE", f"{absent}{his}/", {}),
        ("DELETE", f"{members_of(group)}{uuid4()}/", {}),
    ):
        assert (await ada(method, path, **more)).status_code == 404


async def test_groups_are_not_for_everybody_to_see(ada: Person, bob: Person) -> None:
    group = await ada.made(GROUPS, name="Readers")
    for path in (GROUPS, path_of(group), members_of(group), f"{GROUPS}{uuid4()}/", f"{GROUPS}{uuid4()}/members/"):
        assert (await bob("GET", path)).status_code == 403


async def test_groups_of_another_site_neither_appear_nor_count(world: World, ada: Person) -> None:
    group = await ada.made(GROUPS, name="Readers")
    await world.admin(await world.site("bee"), "ada")
    stranger = await sign_in(ada.client, world.host("bee"), "ada")
    own = await stranger.made(GROUPS, name="Readers")
    her = (await ada.me())["id"]

    assert await stranger.listed(GROUPS) == (1, [own])
    for method, path, more in (
        ("GET", path_of(group), {}),
        ("PATCH", path_of(group), {"json": {"name": "x"}}),
        ("DELETE", path_of(group), {}),
        ("GET", members_of(group), {}),
        ("POST", members_of(group), {"json": {"user": (await stranger.me())["id"]}}),
    ):
        assert (await stranger(method, path, **more)).status_code == 404
    assert (await stranger("POST", members_of(own), json={"user": her})).status_code == 400
    assert await ada.listed(GROUPS) == (1, [group])


async def test_the_platform_has_no_groups(world: World, ada: Person) -> None:
    root = await sign_in(ada.client, "http://localhost", (await world.admin()).username)
    for path in (GROUPS, f"{GROUPS}{uuid4()}/", f"{GROUPS}{uuid4()}/members/"):
        assert (await root("GET", path)).status_code == 404
