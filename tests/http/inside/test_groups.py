from uuid import uuid4

from domain.shared.caller import GROUP_PERMISSIONS
from tests.http.staff import GROUPS, Person, members_of, path_of, sign_in
from tests.world import World


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
