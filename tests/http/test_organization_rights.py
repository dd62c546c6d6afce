from typing import Any

import pytest

from tests.http.people import (
    DESCRIBED,
    PLATFORMS,
    Platform,
    member,
    members,
    names,
    path,
    refused,
)


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
