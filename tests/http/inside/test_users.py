from uuid import uuid4

import pytest

from tests.http.staff import GRACE, USERS, Person, sign_in, user_path


async def test_creates_a_user_who_can_sign_in_and_never_shows_the_password(ada: Person) -> None:
    answer = await ada("POST", USERS, json=GRACE | {"first_name": "Grace"})

    user = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == user_path(user)
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
    shown = await grace("GET", user_path(user))
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
    changed = await ada("PATCH", user_path(grace), json=taken)

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
    patched = await ada("PATCH", user_path(user), json={"last_name": "Hopper"}, headers={"If-Match": '"1"'})
    partial = await ada("PUT", user_path(user), json={"username": "hopper"})
    stale = await ada("PUT", user_path(user), json=whole, headers={"If-Match": '"1"'})
    null = await ada("PATCH", user_path(user), json={"last_name": None})
    replaced = await ada("PUT", user_path(user), json=whole, headers={"If-Match": '"2"'})

    assert (patched.json()["first_name"], patched.json()["last_name"]) == ("", "Hopper")
    assert partial.json()["details"].keys() == {"email", "first_name", "last_name", "is_active", "is_admin"}
    assert (stale.status_code, null.status_code) == (412, 400)
    assert {key: replaced.json()[key] for key in whole} == whole
    assert replaced.headers["etag"] == '"3"'
    assert (await sign_in(ada.client, ada.base, "hopper")).headers


async def test_deletes_a_user_once_and_their_access_is_gone(ada: Person, bob: Person) -> None:
    path = user_path(await bob.me())
    stale = await ada("DELETE", path, headers={"If-Match": '"9"'})
    answers = [await ada("DELETE", path), await ada("DELETE", path), await ada("GET", path)]

    assert [answer.status_code for answer in (stale, *answers)] == [412, 204, 404, 404]
    assert (await bob("GET", "/api/users/me/")).status_code == 401


async def test_who_owns_a_project_is_not_deleted(ada: Person, bob: Person) -> None:
    him = await bob.me()
    project = await ada.made("/api/projects/", name="Moon", owner=him["id"])
    refused = await ada("DELETE", user_path(him))

    assert (refused.status_code, refused.json()["code"]) == (409, "user_in_use")
    assert (await bob.me())["id"] == him["id"]
    await ada("DELETE", f"/api/projects/{project['id']}/")
    assert (await ada("DELETE", user_path(him))).status_code == 204


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
