from uuid import uuid4

from tests.http.staff import GROUPS, PROJECTS, USERS, Person, members_of, path_of, sign_in
from tests.providers import SteppedCache
from tests.world import World


async def test_a_permission_comes_and_goes_with_membership(ada: Person, bob: Person) -> None:
    him = await bob.me()
    group = await ada.made(GROUPS, name="Readers", permissions=["users.view"])
    assert (await bob("GET", USERS)).status_code == 403

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
    assert (await ada("GET", joined.headers["location"])).json() == joined.json()
    assert (await bob("GET", USERS)).status_code == 200
    assert (await bob("POST", PROJECTS, json={"name": "Moon"})).status_code == 403
    assert (await bob.me())["groups"] == [{"id": group["id"], "name": "Readers"}]
    assert (await ada("GET", path_of(group))).json()["members"] == [him["id"]]

    await ada("PATCH", path_of(group), json={"permissions": ["users.view", "projects.create"]})
    assert (await bob("POST", PROJECTS, json={"name": "Moon"})).status_code == 201
    await ada("PATCH", path_of(group), json={"permissions": ["users.view"]})
    assert (await bob("POST", PROJECTS, json={"name": "Mars"})).status_code == 403

    assert (await ada("DELETE", f"{members_of(group)}{him['id']}/")).status_code == 204
    assert (await ada("GET", joined.headers["location"])).status_code == 404
    assert (await bob("GET", USERS)).status_code == 403
    assert (await bob.me())["groups"] == []


async def test_a_deleted_group_gives_nothing_any_more(ada: Person, bob: Person) -> None:
    group = await ada.made(GROUPS, name="Readers", permissions=["users.view"])
    await ada.made(members_of(group), user=(await bob.me())["id"])
    assert (await bob("GET", USERS)).status_code == 200
    await ada("DELETE", path_of(group))

    assert (await bob("GET", USERS)).status_code == 403


async def test_another_process_forgets_what_a_group_gave(world: World, ada: Person, bob: Person) -> None:
    him = (await bob.me())["id"]
    group = await ada.made(GROUPS, name="Readers", permissions=["users.view"])
    await ada.made(members_of(group), user=him)
    cache = SteppedCache()
    async with world.http(cache) as other:
        there = await sign_in(other, ada.base, "bob")
        assert (await there("GET", USERS)).status_code == 200
        await ada("DELETE", f"{members_of(group)}{him}/")
        assert (await there("GET", USERS)).status_code == 200
        cache.time = 2.0
        assert (await there("GET", USERS)).status_code == 403


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
