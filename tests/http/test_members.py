import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from tests.http.people import BASE, Person, Platform, member, members, path, refused
from tests.world import World, token

ALL = {"role": "member", "title": "Head", "department": "Sales", "phone": "1", "is_active": True}


@pytest.fixture
async def platform(world: World) -> AsyncIterator[Platform]:
    async with world.http() as client:
        yield Platform(world, client)


@pytest.fixture
async def ada(platform: Platform) -> Person:
    return await platform.person("ada")


@pytest.fixture
async def bob(platform: Platform) -> Person:
    return await platform.person("bob")


@pytest.fixture
async def acme(ada: Person, bob: Person) -> str:
    """An organization of which Ada is the owner and Bob a member."""
    slug = await ada.found()
    assert (await ada.add(slug, bob)).status_code == 201
    return slug


async def role(person: Person, slug: str, of: Person) -> str:
    return str((await person("GET", member(slug, of))).json()["role"])


async def listed(person: Person, slug: str, **query: Any) -> list[str]:
    """First names, as it were."""
    page = (await person("GET", members(slug), params=query)).json()
    assert page["count"] == len(page["results"])
    return [one["user"]["username"].partition("-")[0] for one in page["results"]]


async def test_an_owner_adds_a_member(platform: Platform, ada: Person, bob: Person) -> None:
    slug = await ada.found()

    answer = await ada("POST", members(slug), json={"user_id": str(bob.id)})

    made = answer.json()
    username = f"bob-{platform.world.suffix}"
    assert answer.status_code == 201, answer.text
    assert (answer.headers["location"], answer.headers["etag"]) == (member(slug, bob), '"1"')
    assert made["user"] == {
        "id": str(bob.id),
        "username": username,
        "email": f"{username}@example.org",
        "full_name": "",
        "is_active": True,
    }
    assert (made["role"], made["is_active"], made["sites"]) == ("member", True, [])
    assert (made["title"], made["department"], made["phone"]) == ("", "", "")
    assert (made["joined_at"], made["last_active_at"]) == (made["created_at"], None)
    assert made["created_by"] == str(ada.id)
    shown = await bob("GET", member(slug, bob))
    assert (shown.json(), shown.headers["etag"]) == (made, '"1"')
    assert (await ada("GET", members(slug))).json()["results"][1] == made


async def test_a_member_is_one_once(ada: Person, bob: Person, acme: str) -> None:
    assert refused(await ada.add(acme, bob, "owner")) == (409, "member_exists")
    assert await role(ada, acme, bob) == "member"


async def test_an_unknown_user_is_a_wrong_field(ada: Person, acme: str) -> None:
    unknown = await ada("POST", members(acme), json={"user_id": str(uuid4())})
    wrong = await ada("POST", members(acme), json={"user_id": "bob", "role": "boss", "title": "x"})

    assert unknown.status_code == 400
    assert unknown.json()["details"] == {"user_id": ["is not a user of the platform"]}
    assert wrong.json()["details"].keys() == {"user_id", "role", "title"}
    assert await listed(ada, acme) == ["ada", "bob"]


async def test_a_users_id_tells_nothing_to_who_is_no_owner(bob: Person, acme: str) -> None:
    answers = [await bob("POST", members(acme), json={"user_id": str(one)}) for one in (uuid4(), bob.id)]

    assert [refused(one) for one in answers] == [(403, "not_permitted")] * 2
    assert answers[0].json() == answers[1].json()


async def test_the_plan_has_an_end(platform: Platform, ada: Person, acme: str) -> None:
    people = [await platform.person(f"p{number}") for number in range(4)]

    answers = [await ada.add(acme, one) for one in people]

    assert [one.status_code for one in answers] == [201, 201, 201, 422]
    assert refused(answers[-1]) == (422, "plan_limit")
    await ada("PATCH", member(acme, people[0]), json={"is_active": False})
    assert (await ada.add(acme, people[3])).status_code == 422
    await ada("DELETE", member(acme, people[0]))
    assert (await ada.add(acme, people[3])).status_code == 201


async def test_the_last_place_goes_to_one(platform: Platform, ada: Person, acme: str) -> None:
    people = [await platform.person(f"p{number}") for number in range(6)]

    answers = await asyncio.gather(*(ada.add(acme, one) for one in people))

    assert sorted(one.status_code for one in answers) == [201, 201, 201, 422, 422, 422]
    assert (await ada("GET", path(acme))).json()["member_count"] == 5


async def test_who_is_added_twice_at_once_is_added_once(platform: Platform, ada: Person, acme: str) -> None:
    eve = await platform.person("eve")

    answers = await asyncio.gather(*(ada.add(acme, eve) for _ in range(4)))

    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409]


async def test_members_read_and_owners_write(platform: Platform, ada: Person, bob: Person, acme: str) -> None:
    eve = await platform.person("eve")
    await ada.add(acme, eve)

    assert await listed(bob, acme) == ["ada", "bob", "eve"]
    for method, body in (("PATCH", {"title": "x"}), ("PATCH", {"role": "owner"}), ("PUT", ALL), ("DELETE", None)):
        for of in (ada, eve):
            assert refused(await bob(method, member(acme, of), json=body)) == (403, "not_permitted")
    assert refused(await bob.add(acme, eve)) == (403, "not_permitted")
    assert refused(await bob("POST", f"{member(acme, bob)}sites/x/")) == (403, "not_permitted")
    assert refused(await bob("DELETE", f"{member(acme, bob)}sites/x/")) == (403, "not_permitted")
    changed = await ada("PUT", member(acme, bob), json=ALL | {"role": "owner"}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert {key: changed.json()[key] for key in ALL} == ALL | {"role": "owner"}


async def test_members_write_their_own_particulars(ada: Person, bob: Person, acme: str) -> None:
    changed = await bob("PATCH", member(acme, bob), json={"title": "Head", "phone": "1"})
    whole = await bob("PUT", member(acme, bob), json=ALL | {"title": "Foot"})
    of_owner = await ada("PATCH", member(acme, ada), json={"department": "All"})

    assert (changed.status_code, changed.json()["title"], changed.json()["phone"]) == (200, "Head", "1")
    assert (whole.status_code, whole.json()["title"]) == (200, "Foot")
    assert (of_owner.status_code, of_owner.json()["department"]) == (200, "All")
    for wrong in ({"title": None}, {"title": "x" * 101}, {"phone": "1\n2"}, {"joined_at": "2026-01-01T00:00:00Z"}):
        answer = await bob("PATCH", member(acme, bob), json=wrong)
        assert (answer.status_code, answer.json()["details"].keys()) == (400, wrong.keys())


@pytest.mark.parametrize("change", [{"role": "owner"}, {"is_active": False}, {"role": "owner", "title": "x"}], ids=str)
@pytest.mark.parametrize("method", ["PATCH", "PUT"])
async def test_members_do_not_change_their_own_standing(
    bob: Person, acme: str, method: str, change: dict[str, Any]
) -> None:
    before = (await bob("GET", member(acme, bob))).json()
    body = change if method == "PATCH" else ALL | change

    assert refused(await bob(method, member(acme, bob), json=body)) == (403, "own_standing")
    assert (await bob("GET", member(acme, bob))).json() == before


async def test_owners_and_admins_do_not_either(platform: Platform, ada: Person, bob: Person, acme: str) -> None:
    admin = await platform.admin()
    await ada("PATCH", member(acme, bob), json={"role": "owner"})
    await ada.add(acme, admin)

    for person, change in ((bob, {"role": "member"}), (bob, {"is_active": False}), (admin, {"role": "owner"})):
        assert refused(await person("PATCH", member(acme, person), json=change)) == (403, "own_standing")
    assert (await ada("PATCH", member(acme, bob), json={"role": "member"})).status_code == 200


@pytest.mark.parametrize("is_admin", [False, True])
async def test_the_last_owner_stays(platform: Platform, ada: Person, bob: Person, acme: str, *, is_admin: bool) -> None:
    eve = await platform.person("eve")
    await ada.add(acme, eve, "owner")
    await ada("PATCH", member(acme, eve), json={"is_active": False})
    who = await platform.admin() if is_admin else ada

    for method, body in (
        ("DELETE", None),
        ("PATCH", {"role": "member"}),
        ("PATCH", {"is_active": False}),
        ("PUT", ALL),
    ):
        assert refused(await who(method, member(acme, ada), json=body)) == (422, "last_owner")
    assert await role(bob, acme, ada) == "owner"
    assert (await who("PATCH", member(acme, eve), json={"is_active": True})).status_code == 200
    assert (await eve("DELETE", member(acme, ada))).status_code == 204
    assert refused(await eve("DELETE", member(acme, eve))) == (422, "last_owner")


async def test_two_owners_who_demote_each_other_leave_one(ada: Person, bob: Person, acme: str) -> None:
    for _ in range(5):
        await ada("PATCH", member(acme, bob), json={"role": "owner"})
        answers = await asyncio.gather(
            ada("PATCH", member(acme, bob), json={"role": "member"}),
            bob("PATCH", member(acme, ada), json={"role": "member"}),
        )
        assert sorted(one.status_code for one in answers) == [200, 403]
        if answers[1].status_code == 200:
            ada, bob = bob, ada
        assert (await ada("GET", path(acme))).json()["owner_count"] == 1


async def test_two_owners_who_leave_at_once_leave_one(ada: Person, bob: Person, acme: str) -> None:
    await ada("PATCH", member(acme, bob), json={"role": "owner"})

    answers = await asyncio.gather(*(one("DELETE", member(acme, one)) for one in (ada, bob)))

    assert sorted(one.status_code for one in answers) == [204, 422]
    left = [one for one, answer in zip((ada, bob), answers, strict=True) if answer.status_code == 422]
    assert (await left[0]("GET", path(acme))).json()["owner_count"] == 1


async def test_one_leaves_while_the_other_is_demoted(ada: Person, bob: Person, acme: str) -> None:
    await ada("PATCH", member(acme, bob), json={"role": "owner"})

    answers = await asyncio.gather(
        bob("DELETE", member(acme, bob)), bob("PATCH", member(acme, ada), json={"role": "member"})
    )

    assert sorted(one.status_code for one in answers) in ([200, 422], [204, 404])


async def test_a_member_leaves(ada: Person, bob: Person, acme: str) -> None:
    assert refused(await bob("DELETE", member(acme, bob), headers={"If-Match": '"9"'})) == (412, "stale_version")
    assert (await bob("DELETE", member(acme, bob), headers={"If-Match": '"1"'})).status_code == 204

    assert await listed(ada, acme) == ["ada"]
    for method in ("GET", "DELETE"):
        assert refused(await ada(method, member(acme, bob))) == (404, "member_not_found")
        assert refused(await bob(method, member(acme, bob))) == (404, "organization_not_found")
    assert refused(await ada("PATCH", member(acme, bob), json={"title": "x"})) == (404, "member_not_found")
    assert refused(await ada("POST", f"{member(acme, bob)}sites/x/")) == (404, "member_not_found")


@pytest.mark.parametrize("method", ["PATCH", "PUT"])
async def test_refuses_what_was_decided_on_an_old_version(ada: Person, bob: Person, acme: str, method: str) -> None:
    await bob("PATCH", member(acme, bob), json={"title": "New"})

    assert refused(await ada(method, member(acme, bob), json=ALL, headers={"If-Match": '"1"'})) == (
        412,
        "stale_version",
    )
    assert (await ada(method, member(acme, bob), json=ALL, headers={"If-Match": '"2"'})).status_code == 200


async def test_members_of_one_organization_are_not_anothers(platform: Platform, ada: Person, bob: Person) -> None:
    one, other = await ada.found("One"), await bob.found("Other")

    assert await listed(ada, one) == ["ada"]
    assert refused(await ada("GET", members(other))) == (404, "organization_not_found")
    assert refused(await ada("GET", member(one, bob))) == (404, "member_not_found")
    assert refused(await ada("PATCH", member(one, bob), json={"role": "member"})) == (404, "member_not_found")
    assert refused(await ada("DELETE", member(other, bob))) == (404, "organization_not_found")
    assert await role(bob, other, bob) == "owner"


async def test_filters_and_orders(platform: Platform, ada: Person, bob: Person, acme: str) -> None:
    await ada("PATCH", member(acme, bob), json={"title": "100% Head", "is_active": False})
    since = (await ada("GET", member(acme, bob))).json()["created_at"]

    assert await listed(ada, acme, ordering="-joined_at") == ["bob", "ada"]
    assert await listed(ada, acme, ordering="-username") == ["bob", "ada"]
    assert await listed(ada, acme, ordering="role") == ["bob", "ada"]
    assert await listed(ada, acme, role="owner") == ["ada"]
    assert await listed(ada, acme, is_active="false") == ["bob"]
    assert await listed(ada, acme, search="0% h") == ["bob"]
    assert await listed(ada, acme, search="ADA-") == ["ada"]
    assert await listed(ada, acme, search="nobody") == []
    assert await listed(ada, acme, created_at__gte=since) == ["bob"]
    page = (await ada("GET", members(acme), params={"page_size": 1, "page": 2})).json()
    assert (page["count"], len(page["results"]), page["next"]) == (2, 1, None)
    wrong = await ada("GET", f"{members(acme)}?role=boss&is_active=x&ordering=email&colour=red")
    assert wrong.json()["details"].keys() == {"role", "is_active", "ordering", "colour"}


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


async def test_who_is_not_signed_in_is_nobody(platform: Platform, acme: str) -> None:
    world = platform.world
    await world.admin(await world.site())
    headers = await token(platform.client, world.host())

    assert (await platform.client.get(BASE + members(acme))).status_code == 401
    assert (await platform.client.get(world.host() + members(acme), headers=headers)).status_code == 404
