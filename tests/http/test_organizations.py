from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.http.people import BASE, ORGANIZATIONS, Person, Platform, member, members, path, refused
from tests.world import World, token

DESCRIBED = {
    "name": "Acme Ltd",
    "description": "Everything\na coyote needs.",
    "email": "office@acme.example",
    "website": "https://acme.example/about",
    "phone": "+49 30 1234",
    "address": "1 Desert Road\nArizona",
    "settings": {"locale": "en", "nested": {"list": [1, 2.5, True, None, "ä"]}},
}
PLATFORMS = {
    "plan": "basic",
    "max_sites": 7,
    "max_members": 8,
    "max_storage_bytes": 9,
    "is_verified": True,
    "is_active": False,
}


@pytest.fixture
async def platform(world: World) -> AsyncIterator[Platform]:
    async with world.http() as client:
        yield Platform(world, client)


async def names(person: Person, **query: Any) -> list[str]:
    answer = await person("GET", ORGANIZATIONS, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.json()["count"] == len(answer.json()["results"])
    return [one["name"] for one in answer.json()["results"]]


async def test_whoever_founds_an_organization_owns_it(platform: Platform) -> None:
    ada = await platform.person("ada")
    name = f"Ácme & Söhne {platform.world.suffix}"

    answer = await ada("POST", ORGANIZATIONS, json=DESCRIBED | {"name": name})

    made = answer.json()
    assert answer.status_code == 201, answer.text
    assert made["slug"] == f"acme-sohne-{platform.world.suffix}"
    assert answer.headers["location"] == path(made["slug"])
    assert answer.headers["etag"] == '"1"'
    assert {key: made[key] for key in DESCRIBED} == DESCRIBED | {"name": name}
    assert (made["plan"], made["max_sites"], made["max_members"], made["max_storage_bytes"]) == ("free", 2, 5, 1 << 30)
    assert (made["is_active"], made["is_verified"], made["verified_at"]) == (True, False, None)
    assert (made["member_count"], made["owner_count"], made["site_count"], made["my_role"]) == (1, 1, 0, "owner")
    assert made["created_by"] == str(ada.id)
    shown = await ada("GET", path(made["slug"]))
    assert (shown.json(), shown.headers["etag"]) == (made, '"1"')
    listed = await ada("GET", ORGANIZATIONS)
    assert listed.json()["results"] == [made]


async def test_a_taken_slug_gets_a_number(platform: Platform) -> None:
    ada, bob = await platform.person("ada"), await platform.person("bob")
    name = f"Twin {platform.world.suffix}"

    slugs = [await ada.found(name), await bob.found(name), await ada.found(name)]

    first = f"twin-{platform.world.suffix}"
    assert slugs == [first, f"{first}-1", f"{first}-2"]


@pytest.mark.parametrize(
    "fields",
    [
        {"name": " "},
        {"name": "x" * 201},
        {"email": "nobody"},
        {"website": "ftp://acme.example"},
        {"website": "http://a\0b"},
        {"phone": "1\n2"},
        {"address": "a\0b"},
        {"settings": []},
        {"settings": {"a": "\0"}},
        {"settings": {"\0": 1}},
        {"settings": {"a": "x" * 16_384}},
        {"settings": {"a": [1e300]}},
        {"settings": {"a": 1 << 54}},
        {"slug": "mine"},
        {"plan": "enterprise"},
        {"max_sites": 9},
        {"is_verified": True},
        {"created_by": None},
    ],
    ids=str,
)
async def test_refuses_what_cannot_be_written(platform: Platform, fields: dict[str, Any]) -> None:
    ada = await platform.person("ada")

    answer = await ada("POST", ORGANIZATIONS, json={"name": "Acme"} | fields)

    assert answer.status_code == 400
    assert answer.json()["details"].keys() == fields.keys()
    assert await names(ada) == []


async def test_names_every_wrong_field_at_once(platform: Platform) -> None:
    ada = await platform.person("ada")
    slug = await ada.found()

    shape = await ada("POST", ORGANIZATIONS, json={"name": 1, "email": 2, "colour": 3})
    meaning = await ada("PATCH", path(slug), json={"name": " ", "email": "x", "settings": {"a": 1 << 60}})

    assert shape.json()["details"].keys() == {"name", "email", "colour"}
    assert meaning.json()["details"].keys() == {"name", "email", "settings"}


async def test_strangers_see_and_count_only_their_own(platform: Platform) -> None:
    ada, bob = await platform.person("ada"), await platform.person("bob")
    await ada.found("Ant")
    shared = await ada.found("Bee")
    await bob.found("Cat")
    await ada.add(shared, bob)

    assert await names(ada) == ["Ant", "Bee"]
    assert await names(bob) == ["Bee", "Cat"]
    assert await names(bob, my_role="owner") == ["Cat"]
    assert await names(bob, my_role="member") == ["Bee"]
    assert await names(bob, search="ant") == []
    page = (await bob("GET", ORGANIZATIONS, params={"page_size": 1, "page": 2})).json()
    assert (page["count"], [one["name"] for one in page["results"]]) == (2, ["Cat"])
    assert (await bob("GET", ORGANIZATIONS, params={"page": 9})).json()["count"] == 2


async def test_who_is_not_active_is_a_stranger(platform: Platform) -> None:
    ada, bob = await platform.person("ada"), await platform.person("bob")
    slug = await ada.found()
    await ada.add(slug, bob, "owner")
    assert (await ada("PATCH", member(slug, bob), json={"is_active": False})).status_code == 200

    assert await names(bob) == []
    assert refused(await bob("GET", path(slug))) == (404, "organization_not_found")
    assert refused(await bob("DELETE", member(slug, bob))) == (404, "organization_not_found")
    shown = (await ada("GET", path(slug))).json()
    assert (shown["member_count"], shown["owner_count"]) == (2, 1)


async def test_a_stranger_learns_nothing(platform: Platform) -> None:
    ada, eve = await platform.person("ada"), await platform.person("eve")
    there, absent = await ada.found(), f"nothing-{platform.world.suffix}"

    def requests(slug: str) -> list[tuple[str, str, Any]]:
        one, site = member(slug, ada), f"{member(slug, ada)}sites/nowhere/"
        return [
            ("GET", path(slug), None),
            ("PATCH", path(slug), {"name": "Mine"}),
            ("PATCH", path(slug), {"plan": "enterprise"}),
            ("PUT", path(slug), DESCRIBED),
            ("DELETE", f"{path(slug)}?confirm=wrong", None),
            ("GET", members(slug), None),
            ("POST", members(slug), {"user_id": str(eve.id), "role": "owner"}),
            ("GET", one, None),
            ("PATCH", one, {"role": "member"}),
            ("PATCH", member(slug, eve), {"role": "owner"}),
            ("DELETE", one, None),
            ("DELETE", member(slug, eve), None),
            ("POST", site, None),
            ("DELETE", site, None),
        ]

    for known, unknown in zip(requests(there), requests(absent), strict=True):
        answers = [await eve(method, where, json=body) for method, where, body in (known, unknown)]
        told = [(one.status_code, one.text.replace(there, "X").replace(absent, "X")) for one in answers]
        assert told[0] == told[1], known
        assert told[0][0] == 404


async def test_members_read_and_owners_write(platform: Platform) -> None:
    ada, bob = await platform.person("ada"), await platform.person("bob")
    slug = await ada.found()
    await ada.add(slug, bob)

    assert (await bob("GET", path(slug))).json()["my_role"] == "member"
    for method, where, body in (
        ("PATCH", path(slug), {"name": "Mine"}),
        ("PATCH", path(slug), {"plan": "enterprise"}),
        ("PUT", path(slug), DESCRIBED),
        ("DELETE", f"{path(slug)}?confirm={slug}", None),
    ):
        assert refused(await bob(method, where, json=body)) == (403, "not_permitted")
    changed = await ada("PATCH", path(slug), json={"description": "New", "settings": {}}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert (changed.json()["description"], changed.json()["name"], changed.json()["slug"]) == ("New", "Acme", slug)


async def test_a_full_update_has_what_owners_write(platform: Platform) -> None:
    ada = await platform.person("ada")
    slug = await ada.found(description="Old")

    partial = await ada("PUT", path(slug), json={"name": "Acme"})
    whole = await ada("PUT", path(slug), json=DESCRIBED)

    assert partial.json()["details"].keys() == DESCRIBED.keys() - {"name"}
    assert whole.status_code == 200
    assert {key: whole.json()[key] for key in DESCRIBED} == DESCRIBED
    assert (await ada("PATCH", path(slug), json={"email": None})).status_code == 400


@pytest.mark.parametrize("field", PLATFORMS)
async def test_owners_do_not_write_what_is_the_platforms(platform: Platform, field: str) -> None:
    ada, admin = await platform.person("ada"), await platform.admin()
    slug = await ada.found()
    before = (await ada("GET", path(slug))).json()

    one = await ada("PATCH", path(slug), json={field: PLATFORMS[field], "name": "New"})
    all_of_them = await ada("PUT", path(slug), json=DESCRIBED | PLATFORMS)

    assert refused(one) == (403, "platform_fields")
    assert field in one.json()["detail"]
    assert all(name in all_of_them.json()["detail"] for name in PLATFORMS)
    assert (await ada("GET", path(slug))).json() == before
    by_admin = await admin("PATCH", path(slug), json={field: PLATFORMS[field]})
    assert (by_admin.status_code, by_admin.json()[field]) == (200, PLATFORMS[field])


async def test_a_plan_brings_its_limits(platform: Platform) -> None:
    ada, admin = await platform.person("ada"), await platform.admin()
    slug = await ada.found()

    basic = (await admin("PATCH", path(slug), json={"plan": "basic"})).json()
    agreed = (await admin("PATCH", path(slug), json={"plan": "professional", "max_sites": 3})).json()
    below = await admin("PATCH", path(slug), json={"max_members": 0})

    assert (basic["max_sites"], basic["max_members"]) == (5, 25)
    assert (agreed["max_sites"], agreed["max_members"]) == (3, 250)
    assert (below.status_code, below.json()["member_count"]) == (200, 1)
    assert refused(await ada.add(slug, await platform.person("bob"))) == (422, "plan_limit")


async def test_when_it_was_verified_is_kept(platform: Platform) -> None:
    ada, admin = await platform.person("ada"), await platform.admin()
    slug = await ada.found()

    first = (await admin("PATCH", path(slug), json={"is_verified": True})).json()
    again = (await admin("PATCH", path(slug), json={"is_verified": True})).json()
    ended = (await admin("PATCH", path(slug), json={"is_verified": False})).json()

    assert first["verified_at"] == again["verified_at"] == first["updated_at"]
    assert ended["verified_at"] is None


async def test_admins_of_the_platform_see_all_and_own_nothing(platform: Platform) -> None:
    ada, admin = await platform.person("ada"), await platform.admin()
    slug = await ada.found(f"Acme {platform.world.suffix}")

    assert await names(admin, search=platform.world.suffix) == [f"Acme {platform.world.suffix}", "An organization"]
    assert (await admin("GET", path(slug))).json()["my_role"] is None
    assert (await admin("GET", members(slug))).json()["count"] == 1
    assert (await admin("DELETE", f"{path(slug)}?confirm={slug}")).status_code == 204


async def test_filters_and_orders(platform: Platform) -> None:
    ada, admin = await platform.person("ada"), await platform.admin()
    old = await ada.found("Bee", description="100% honey")
    new = await ada.found("Ant")
    await admin("PATCH", path(new), json={"plan": "basic", "is_verified": True})
    await admin("PATCH", path(old), json={"is_active": False})
    since = (await ada("GET", path(new))).json()["created_at"]

    assert await names(ada) == ["Ant", "Bee"]
    assert await names(ada, ordering="-name") == ["Bee", "Ant"]
    assert await names(ada, ordering="created_at") == ["Bee", "Ant"]
    assert await names(ada, ordering="updated_at") == ["Ant", "Bee"]
    assert await names(ada, plan="basic") == ["Ant"]
    assert await names(ada, is_verified="true") == ["Ant"]
    assert await names(ada, is_active="false") == ["Bee"]
    assert await names(ada, search="0% H") == ["Bee"]
    assert await names(ada, created_at__gte=since) == ["Ant"]
    wrong = await ada("GET", f"{ORGANIZATIONS}?plan=gold&is_active=maybe&ordering=plan&colour=red&my_role=boss")
    assert wrong.json()["details"].keys() == {"plan", "is_active", "ordering", "colour", "my_role"}


async def test_a_suspended_organization_can_only_be_read(platform: Platform) -> None:
    ada, bob, admin = await platform.person("ada"), await platform.person("bob"), await platform.admin()
    slug = await ada.found()
    await ada.add(slug, bob)
    await admin("PATCH", path(slug), json={"is_active": False})

    assert (await ada("GET", path(slug))).json()["is_active"] is False
    assert (await bob("GET", members(slug))).status_code == 200
    for person, method, where, body in (
        (ada, "PATCH", path(slug), {"name": "New"}),
        (ada, "PATCH", path(slug), {"is_active": True}),
        (ada, "DELETE", f"{path(slug)}?confirm={slug}", None),
        (ada, "POST", members(slug), {"user_id": str(admin.id)}),
        (ada, "PATCH", member(slug, bob), {"role": "owner"}),
        (ada, "POST", f"{member(slug, bob)}sites/x/", None),
        (bob, "PATCH", member(slug, bob), {"title": "Boss"}),
        (bob, "DELETE", member(slug, bob), None),
    ):
        assert refused(await person(method, where, json=body)) == (422, "organization_inactive"), (method, where)
    assert (await admin("PATCH", path(slug), json={"is_active": True})).status_code == 200
    assert (await ada("PATCH", path(slug), json={"name": "New"})).status_code == 200


async def test_its_sites_are_closed_with_it(platform: Platform) -> None:
    world, admin = platform.world, await platform.admin()
    await world.admin(await world.site())
    headers = await token(platform.client, world.host())

    async def status() -> int:
        answer = await platform.client.get(f"{world.host()}/api/projects/", headers=headers)
        return answer.status_code

    assert await status() == 200
    await admin("PATCH", path(world.organization), json={"is_active": False})
    assert await status() == 503
    await admin("PATCH", path(world.organization), json={"is_active": True})
    assert await status() == 200


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
async def test_refuses_what_was_decided_on_an_old_version(platform: Platform, method: str) -> None:
    ada = await platform.person("ada")
    slug = await ada.found()
    await ada("PATCH", path(slug), json={"description": "New"})
    body = None if method == "DELETE" else DESCRIBED

    stale = await ada(method, f"{path(slug)}?confirm={slug}", json=body, headers={"If-Match": '"1"'})
    fresh = await ada(method, f"{path(slug)}?confirm={slug}", json=body, headers={"If-Match": '"2"'})

    assert refused(stale) == (412, "stale_version")
    assert fresh.status_code == (204 if method == "DELETE" else 200)


async def test_an_organization_is_deleted_once_and_its_slug_stays_taken(platform: Platform) -> None:
    ada, admin = await platform.person("ada"), await platform.admin()
    slug = await ada.found(f"Gone {platform.world.suffix}")

    for wrong in ("", "?confirm=", f"?confirm={slug.upper()}"):
        assert refused(await ada("DELETE", path(slug) + wrong)) == (400, "not_confirmed")
    assert (await ada("DELETE", f"{path(slug)}?confirm={slug}")).status_code == 204
    for person in (ada, admin):
        assert refused(await person("GET", path(slug))) == (404, "organization_not_found")
        assert refused(await person("PATCH", path(slug), json={"name": "x"})) == (404, "organization_not_found")
        assert refused(await person("DELETE", f"{path(slug)}?confirm={slug}")) == (404, "organization_not_found")
        assert await names(person, search=slug) == []
    assert await ada.found(f"Gone {platform.world.suffix}") == f"{slug}-1"


async def test_an_organization_with_sites_is_not_deleted(platform: Platform) -> None:
    admin, world = await platform.admin(), platform.world
    scope, where = await world.site(), f"{path(world.organization)}?confirm={world.organization}"

    assert (await admin("GET", path(world.organization))).json()["site_count"] == 1
    assert refused(await admin("DELETE", where)) == (422, "organization_in_use")
    assert (await admin("DELETE", f"/api/sites/{scope.slug}/?confirm={scope.slug}")).status_code == 204
    assert (await admin("GET", path(world.organization))).json()["site_count"] == 0
    assert (await admin("DELETE", where)).status_code == 204
    new_site = {"organization": world.organization, "name": "x", "slug": world.slug("late")}
    assert (await admin("POST", "/api/sites/", json=new_site)).status_code == 400


async def test_there_are_no_organizations_on_the_host_of_a_site(platform: Platform) -> None:
    world = platform.world
    await world.admin(await world.site())
    headers = await token(platform.client, world.host())
    signed_in = await platform.client.get(world.host() + ORGANIZATIONS, headers=headers)
    nobody: httpx.Response = await platform.client.get(BASE + ORGANIZATIONS)

    assert (signed_in.status_code, nobody.status_code) == (404, 401)
