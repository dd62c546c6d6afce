from typing import Any

import httpx
import pytest

from tests.http.people import (
    BASE,
    DESCRIBED,
    ORGANIZATIONS,
    Platform,
    members,
    names,
    path,
)
from tests.world import token


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


async def test_there_are_no_organizations_on_the_host_of_a_site(platform: Platform) -> None:
    world = platform.world
    await world.admin(await world.site())
    headers = await token(platform.client, world.host())
    signed_in = await platform.client.get(world.host() + ORGANIZATIONS, headers=headers)
    nobody: httpx.Response = await platform.client.get(BASE + ORGANIZATIONS)

    assert (signed_in.status_code, nobody.status_code) == (404, 401)
