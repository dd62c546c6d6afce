import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from tests.http.people import Person, sign_in
from tests.world import PASSWORD, PLATFORM, World

USERS = "/api/users/"
PLATFORM_BASE = "http://localhost"
GRACE = {"username": "grace", "email": "grace@example.org", "password": PASSWORD}


@pytest.fixture
async def ada(world: World) -> AsyncIterator[Person]:
    """The admin of a site in which there is a user Bob."""
    site = await world.site()
    await world.admin(site, "ada")
    await world.user(site, "bob")
    async with world.http() as client:
        yield await sign_in(client, world.host(), "ada")


@pytest.fixture
async def bob(ada: Person) -> Person:
    return await sign_in(ada.client, ada.base, "bob")


def path_of(user: dict[str, Any]) -> str:
    return f"{USERS}{user['id']}/"


async def test_creates_a_user_who_can_sign_in_and_never_shows_the_password(ada: Person) -> None:
    answer = await ada("POST", USERS, json=GRACE | {"first_name": "Grace"})

    user = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == path_of(user)
    assert answer.headers["etag"] == '"1"'
    assert user == {
        "id": user["id"],
        "username": "grace",
        "email": "grace@example.org",
        "first_name": "Grace",
        "last_name": "",
        "is_active": True,
        "is_admin": False,
        "last_login_at": None,
        "groups": [],
        "created_at": user["created_at"],
        "updated_at": user["created_at"],
        "created_by": (await ada.me())["id"],
        "version": 1,
    }
    grace = await sign_in(ada.client, ada.base, "grace")
    shown = await grace("GET", path_of(user))
    assert shown.headers["etag"] == '"1"'
    assert shown.json()["last_login_at"] is not None
    assert shown.json() == await grace.me()
    assert "password" not in shown.text


async def test_names_every_wrong_field_at_once(ada: Person) -> None:
    shape = await ada("POST", USERS, json={"username": 1, "email": None, "is_admin": "yes", "groups": []})
    sense = await ada("POST", USERS, json={"username": "a b", "email": "x", "password": "short", "last_name": "\0"})

    assert shape.json()["details"].keys() == {"username", "email", "password", "is_admin", "groups"}
    assert sense.json()["details"].keys() == {"username", "email", "password", "last_name"}
    assert (shape.status_code, sense.status_code) == (400, 400)


@pytest.mark.parametrize(
    ("taken", "code"), [({"username": "ADA"}, "username_taken"), ({"email": "Bob@example.org"}, "email_taken")]
)
async def test_a_name_and_an_address_are_taken_in_any_case(ada: Person, taken: dict[str, str], code: str) -> None:
    grace = await ada.made(USERS, **GRACE)
    created = await ada("POST", USERS, json=GRACE | {"username": "new", "email": "new@example.org"} | taken)
    changed = await ada("PATCH", path_of(grace), json=taken)

    assert (created.status_code, created.json()["code"]) == (409, code)
    assert (changed.status_code, changed.json()["code"]) == (409, code)


async def test_changes_some_fields_or_all(ada: Person) -> None:
    user = await ada.made(USERS, **GRACE)
    whole = {
        "username": "hopper",
        "email": "h@example.org",
        "first_name": "G",
        "last_name": "H",
        "is_active": True,
        "is_admin": True,
    }
    patched = await ada("PATCH", path_of(user), json={"last_name": "Hopper"}, headers={"If-Match": '"1"'})
    partial = await ada("PUT", path_of(user), json={"username": "hopper"})
    stale = await ada("PUT", path_of(user), json=whole, headers={"If-Match": '"1"'})
    null = await ada("PATCH", path_of(user), json={"last_name": None})
    replaced = await ada("PUT", path_of(user), json=whole, headers={"If-Match": '"2"'})

    assert (patched.json()["first_name"], patched.json()["last_name"]) == ("", "Hopper")
    assert partial.json()["details"].keys() == {"email", "first_name", "last_name", "is_active", "is_admin"}
    assert (stale.status_code, null.status_code) == (412, 400)
    assert {key: replaced.json()[key] for key in whole} == whole
    assert replaced.headers["etag"] == '"3"'
    assert (await sign_in(ada.client, ada.base, "hopper")).headers


async def test_deletes_a_user_once_and_their_access_is_gone(ada: Person, bob: Person) -> None:
    path = path_of(await bob.me())
    stale = await ada("DELETE", path, headers={"If-Match": '"9"'})
    answers = [await ada("DELETE", path), await ada("DELETE", path), await ada("GET", path)]

    assert [answer.status_code for answer in (stale, *answers)] == [412, 204, 404, 404]
    assert (await bob("GET", "/api/users/me/")).status_code == 401


async def test_who_owns_a_project_is_not_deleted(ada: Person, bob: Person) -> None:
    him = await bob.me()
    project = await ada.made("/api/projects/", name="Moon", owner=him["id"])
    refused = await ada("DELETE", path_of(him))

    assert (refused.status_code, refused.json()["code"]) == (409, "user_in_use")
    assert (await bob.me())["id"] == him["id"]
    await ada("DELETE", f"/api/projects/{project['id']}/")
    assert (await ada("DELETE", path_of(him))).status_code == 204


@pytest.mark.parametrize("end", [{"is_active": False}, {"password": "another-good-one"}])
async def test_access_ends_in_every_process(world: World, ada: Person, end: dict[str, Any]) -> None:
    """Another process keeps what it knows of a user no longer than `access_check_seconds`."""
    async with world.http(access_check_seconds=0.05) as other:
        log_in = {"username": "bob", "password": PASSWORD}
        pair = (await other.post(f"{ada.base}/api/auth/jwt/token/", json=log_in)).json()
        there = Person(other, ada.base, {"Authorization": f"Bearer {pair['access']}"})
        him = await there.me()
        assert (await ada("PATCH", path_of(him), json=end)).status_code == 200

        async with asyncio.timeout(5):
            while (await there("GET", "/api/users/me/")).status_code != 401:
                pass  # until its 50 milliseconds are over
        refreshed = await other.post(f"{ada.base}/api/auth/jwt/refresh/", json={"refresh": pair["refresh"]})
        assert refreshed.status_code == 401
        assert (await other.post(f"{ada.base}/api/auth/jwt/token/", json=log_in)).status_code == 401


async def test_a_reactivated_user_signs_in_anew(ada: Person, bob: Person) -> None:
    path = path_of(await bob.me())
    for is_active in (False, True):
        await ada("PATCH", path, json={"is_active": is_active})

    assert (await bob("GET", "/api/users/me/")).status_code == 401
    assert (await (await sign_in(ada.client, ada.base, "bob")).me())["is_active"]


async def test_a_plain_user_sees_themself_and_nobody_else(ada: Person, bob: Person) -> None:
    hers, his = path_of(await ada.me()), path_of(await bob.me())
    hidden, absent = await bob("GET", hers), await bob("GET", f"{USERS}{uuid4()}/")

    assert (await bob("GET", his)).json() == await bob.me()
    assert (await bob("GET", USERS)).status_code == 403
    assert (await bob("POST", USERS, json=GRACE)).status_code == 403
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert (hidden.json()["code"], hidden.json().keys()) == (absent.json()["code"], absent.json().keys())
    for method, more in (("PATCH", {"json": {"first_name": "x"}}), ("DELETE", {})):
        assert (await bob(method, hers, **more)).status_code == 404
        assert (await bob(method, his, **more)).status_code == 403


@pytest.mark.parametrize("change", [{"is_admin": False}, {"is_active": False}, {"password": "another-good-one"}])
async def test_nobody_changes_what_they_may_do_themself(ada: Person, change: dict[str, Any]) -> None:
    path = path_of(await ada.me())
    for refused in (await ada("PATCH", path, json=change), await ada("DELETE", path)):
        assert (refused.status_code, refused.json()["code"]) == (403, "own_account")
    assert (await ada("PATCH", path, json={"first_name": "Ada", "is_admin": True})).status_code == 200


async def test_lists_filters_searches_and_orders(ada: Person) -> None:
    await ada.made(USERS, **GRACE, last_name="Hopper", is_active=False)

    assert [user["username"] for user in (await ada.listed(USERS))[1]] == ["ada", "bob", "grace"]
    assert (await ada.listed(USERS, page_size=2, page=2))[1][0]["username"] == "grace"
    for query, names in (
        ({"search": "hopp"}, ["grace"]),
        ({"is_active": "false"}, ["grace"]),
        ({"is_admin": "true"}, ["ada"]),
        ({"ordering": "-username"}, ["grace", "bob", "ada"]),
        ({"group": str(uuid4())}, []),
    ):
        count, found = await ada.listed(USERS, **query)
        assert (count, [user["username"] for user in found]) == (len(names), names)
    wrong = await ada("GET", USERS, params={"is_admin": "maybe", "ordering": "password", "role": "x", "group": "y"})
    assert wrong.json()["details"].keys() == {"is_admin", "ordering", "role", "group"}


async def test_users_of_another_site_neither_appear_nor_count(world: World, ada: Person) -> None:
    await world.admin(await world.site("bee"), "ada")
    stranger = await sign_in(ada.client, world.host("bee"), "ada")
    bob = (await ada.listed(USERS, search="bob"))[1][0]

    assert [user["id"] for user in (await stranger.listed(USERS))[1]] == [(await stranger.me())["id"]]
    assert (await stranger.listed(USERS))[0] == 1
    for method, more in (("GET", {}), ("PATCH", {"json": {"first_name": "x"}}), ("DELETE", {})):
        assert (await stranger(method, path_of(bob), **more)).status_code == 404
    assert (await replace(stranger, base=ada.base)("GET", USERS)).status_code == 401


async def test_the_platform_has_users_of_its_own(world: World, ada: Person) -> None:
    root = await sign_in(ada.client, PLATFORM_BASE, (await world.admin()).username)
    plain = await world.user(PLATFORM, f"plain-{world.suffix}")
    name = f"new-{world.suffix}"
    made = await root.made(USERS, username=name, email=f"{name}@example.org", password=PASSWORD)
    count, found = await root.listed(USERS, search=world.suffix)

    assert {user["username"] for user in found} == {plain.username, name, f"admin-{world.suffix}"}
    assert (count, made["groups"]) == (3, [])
    assert (await ada("GET", path_of(made))).status_code == 404
    visitor = await sign_in(ada.client, PLATFORM_BASE, plain.username)
    assert (await visitor("GET", USERS)).status_code == 403
    assert (await visitor("GET", path_of(made))).status_code == 404
    assert (await visitor.me())["username"] == plain.username
    assert (await root("DELETE", path_of(made))).status_code == 204
