import asyncio
from uuid import uuid4

from tests.http.people import (
    BASE,
    STANDING,
    Person,
    Platform,
    listed,
    member,
    members,
    path,
    refused,
    role,
)
from tests.world import token


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
    for method, body in (("PATCH", {"title": "x"}), ("PATCH", {"role": "owner"}), ("PUT", STANDING), ("DELETE", None)):
        for of in (ada, eve):
            assert refused(await bob(method, member(acme, of), json=body)) == (403, "not_permitted")
    assert refused(await bob.add(acme, eve)) == (403, "not_permitted")
    assert refused(await bob("POST", f"{member(acme, bob)}sites/x/")) == (403, "not_permitted")
    assert refused(await bob("DELETE", f"{member(acme, bob)}sites/x/")) == (403, "not_permitted")
    changed = await ada("PUT", member(acme, bob), json=STANDING | {"role": "owner"}, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert {key: changed.json()[key] for key in STANDING} == STANDING | {"role": "owner"}


async def test_members_write_their_own_particulars(ada: Person, bob: Person, acme: str) -> None:
    changed = await bob("PATCH", member(acme, bob), json={"title": "Head", "phone": "1"})
    whole = await bob("PUT", member(acme, bob), json=STANDING | {"title": "Foot"})
    of_owner = await ada("PATCH", member(acme, ada), json={"department": "All"})

    assert (changed.status_code, changed.json()["title"], changed.json()["phone"]) == (200, "Head", "1")
    assert (whole.status_code, whole.json()["title"]) == (200, "Foot")
    assert (of_owner.status_code, of_owner.json()["department"]) == (200, "All")
    for wrong in ({"title": None}, {"title": "x" * 101}, {"phone": "1\n2"}, {"joined_at": "2026-01-01T00:00:00Z"}):
        answer = await bob("PATCH", member(acme, bob), json=wrong)
        assert (answer.status_code, answer.json()["details"].keys()) == (400, wrong.keys())


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


async def test_who_is_not_signed_in_is_nobody(platform: Platform, acme: str) -> None:
    world = platform.world
    await world.admin(await world.site())
    headers = await token(platform.client, world.host())

    assert (await platform.client.get(BASE + members(acme))).status_code == 401
    assert (await platform.client.get(world.host() + members(acme), headers=headers)).status_code == 404
