from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from application.tenancy.ports import SiteDirectory
from domain.tenancy.membership import MemberRole
from domain.tenancy.routing import SiteHost
from tests.http.accounts import bearer
from tests.http.entrance import Entrance
from tests.http.staff import GRACE, GROUPS, PLATFORM_BASE, USERS, Person, members_of, sign_in, user_path
from tests.providers import SteppedCache
from tests.world import PASSWORD, PLATFORM, World


@pytest.mark.parametrize("end", [{"is_active": False}, {"password": "another-good-one"}])
async def test_access_ends_in_every_process(world: World, ada: Person, end: dict[str, Any]) -> None:
    """Another process keeps what it knows of a user for two seconds and no longer."""
    cache = SteppedCache()
    async with world.http(cache) as other:
        log_in = {"username": "bob", "password": PASSWORD}
        pair = (await other.post(f"{ada.base}/api/auth/jwt/token/", json=log_in)).json()
        there = Person(other, ada.base, {"Authorization": f"Bearer {pair['access']}"})
        him = await there.me()
        assert (await ada("PATCH", user_path(him), json=end)).status_code == 200

        assert (await there("GET", "/api/users/me/")).status_code == 200
        cache.time = 2.0
        assert (await there("GET", "/api/users/me/")).status_code == 401
        refreshed = await other.post(f"{ada.base}/api/auth/jwt/refresh/", json={"refresh": pair["refresh"]})
        assert refreshed.status_code == 401
        assert (await other.post(f"{ada.base}/api/auth/jwt/token/", json=log_in)).status_code == 401


async def test_a_reactivated_user_signs_in_anew(ada: Person, bob: Person) -> None:
    path = user_path(await bob.me())
    for is_active in (False, True):
        await ada("PATCH", path, json={"is_active": is_active})

    assert (await bob("GET", "/api/users/me/")).status_code == 401
    assert (await (await sign_in(ada.client, ada.base, "bob")).me())["is_active"]


async def test_a_plain_user_sees_themself_and_nobody_else(ada: Person, bob: Person) -> None:
    hers, his = user_path(await ada.me()), user_path(await bob.me())
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
    path = user_path(await ada.me())
    for refused in (await ada("PATCH", path, json=change), await ada("DELETE", path)):
        assert (refused.status_code, refused.json()["code"]) == (403, "own_account")
    assert (await ada("PATCH", path, json={"first_name": "Ada", "is_admin": True})).status_code == 200


async def test_users_of_another_site_neither_appear_nor_count(world: World, ada: Person) -> None:
    await world.admin(await world.site("bee"), "ada")
    stranger = await sign_in(ada.client, world.host("bee"), "ada")
    bob = (await ada.listed(USERS, search="bob"))[1][0]

    assert [user["id"] for user in (await stranger.listed(USERS))[1]] == [(await stranger.me())["id"]]
    assert (await stranger.listed(USERS))[0] == 1
    for method, more in (("GET", {}), ("PATCH", {"json": {"first_name": "x"}}), ("DELETE", {})):
        assert (await stranger(method, user_path(bob), **more)).status_code == 404
    assert (await replace(stranger, base=ada.base)("GET", USERS)).status_code == 401


async def test_the_platform_has_users_of_its_own(world: World, ada: Person) -> None:
    root = await sign_in(ada.client, PLATFORM_BASE, (await world.admin()).username)
    plain = await world.user(PLATFORM, f"plain-{world.suffix}")
    name = f"new-{world.suffix}"
    made = await root.made(USERS, username=name, email=f"{name}@example.org", password=PASSWORD)
    count, found = await root.listed(USERS, search=world.suffix)

    assert {user["username"] for user in found} == {plain.username, name, f"admin-{world.suffix}"}
    assert (count, made["groups"]) == (3, [])
    assert (await ada("GET", user_path(made))).status_code == 404
    visitor = await sign_in(ada.client, PLATFORM_BASE, plain.username)
    assert (await visitor("GET", USERS)).status_code == 403
    assert (await visitor("GET", user_path(made))).status_code == 404
    assert (await visitor.me())["username"] == plain.username
    assert (await root("DELETE", user_path(made))).status_code == 204


async def test_who_comes_from_the_platform_is_changed_by_admins_and_leaves_at_once(world: World, ada: Person) -> None:
    door = Entrance(world, ada.client)
    await door.person("olivia", MemberRole.OWNER)
    entered = (await door.enter("olivia"))["access"]
    olivia = Person(ada.client, ada.base, bearer(entered))
    path = user_path(await olivia.me())

    assert (await olivia("GET", USERS)).status_code == 200
    for change in ({"first_name": "x"}, {"is_admin": True}, {"email": "x@example.org"}, {"password": "a-good-one-too"}):
        refused = await ada("PATCH", path, json=change)
        assert (refused.status_code, refused.json()["code"]) == (422, "linked_user")
    assert (await ada("DELETE", path)).json()["code"] == "linked_user"
    assert (await ada("PATCH", path, json={"is_active": False})).status_code == 200
    assert (await olivia("GET", USERS)).status_code == 401
    assert (await door.exchange(await door.token("olivia"))).status_code == 403


async def test_whoever_acts_as_somebody_changes_no_profile_of_theirs(world: World, ada: Person, bob: Person) -> None:
    door = Entrance(world, ada.client)
    root = await world.admin()
    acting = await door.exchange(await door.token("admin"), user=(await bob.me())["id"])
    bobs = Person(ada.client, ada.base, bearer(acting.json()["access"]))

    assert root.is_admin
    assert (await bobs.me())["username"] == "bob"
    refused = await bobs("PATCH", "/api/profile/", json={"first_name": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "while_impersonating")


async def test_a_member_of_the_organization_has_what_their_groups_give(world: World, ada: Person) -> None:
    door = Entrance(world, ada.client)
    site = await world.container.get(SiteDirectory)
    found = await site.find(SiteHost(world.slug()))
    assert found is not None
    await door.person("mia", MemberRole.MEMBER, found.scope)
    mia = Person(ada.client, ada.base, bearer((await door.enter("mia"))["access"]))
    assert (await mia("GET", USERS)).status_code == 403
    group = await ada.made(GROUPS, name="Readers", permissions=["users.view"])
    await ada.made(members_of(group), user=(await mia.me())["id"])

    assert (await mia("GET", USERS)).status_code == 200
