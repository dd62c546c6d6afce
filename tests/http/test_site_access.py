import asyncio

from tests.http.people import (
    Person,
    Platform,
    member,
    members,
    refused,
)


async def test_a_member_gets_and_loses_a_site(platform: Platform, ada: Person, bob: Person, acme: str) -> None:
    admin, world = await platform.admin(), platform.world
    slugs = [world.slug(name) for name in ("south", "north")]
    for slug in slugs:
        new = {"organization": acme, "name": "x", "slug": slug}
        assert (await admin("POST", "/api/sites/", json=new)).status_code == 201
    where = f"{member(acme, bob)}sites/"

    for slug in (*slugs, slugs[0]):
        granted = await ada("POST", f"{where}{slug}/")
        assert granted.status_code == 200
    assert granted.json()["sites"] == sorted(slugs)
    assert (await bob("GET", member(acme, bob))).json() == granted.json()
    assert (await ada("GET", members(acme))).json()["results"][1] == granted.json()
    for _ in range(2):
        assert (await ada("DELETE", f"{where}{slugs[0]}/")).status_code == 204
    assert (await ada("GET", member(acme, bob))).json()["sites"] == [slugs[1]]
    await admin("DELETE", f"/api/sites/{slugs[1]}/?confirm={slugs[1]}")
    assert (await ada("GET", member(acme, bob))).json()["sites"] == []
    assert refused(await ada("POST", f"{where}{slugs[1]}/")) == (404, "site_not_found")


async def test_a_site_of_another_organization_cannot_be_given(
    platform: Platform, ada: Person, bob: Person, acme: str
) -> None:
    there, absent = (await platform.world.site()).slug, f"no-{platform.world.suffix}"

    for method in ("POST", "DELETE"):
        answers = [await ada(method, f"{member(acme, bob)}sites/{slug}/") for slug in (there, absent)]
        assert [refused(one) for one in answers] == [(404, "site_not_found")] * 2
        assert answers[0].text.replace(there, "X") == answers[1].text.replace(absent, "X")


async def test_who_comes_back_has_no_sites_left(platform: Platform, ada: Person, bob: Person, acme: str) -> None:
    admin, slug = await platform.admin(), platform.world.slug("north")
    await admin("POST", "/api/sites/", json={"organization": acme, "name": "x", "slug": slug})
    granting = [ada("POST", f"{member(acme, bob)}sites/{slug}/") for _ in range(3)]
    assert [one.status_code for one in await asyncio.gather(*granting)] == [200] * 3

    await bob("DELETE", member(acme, bob))
    await ada.add(acme, bob)

    assert (await ada("GET", member(acme, bob))).json()["sites"] == []
