import pytest

from tests.http.people import (
    DESCRIBED,
    Platform,
    member,
    members,
    names,
    path,
    refused,
)
from tests.world import token


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
