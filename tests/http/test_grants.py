"""Sharing projects, on the real application: an owner, somebody they share with, and a stranger."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from domain.shared.caller import UserId
from domain.tenancy.scope import SiteScope
from tests.groups import a_group
from tests.world import World, token

PROJECTS = "/api/projects/"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    client: httpx.AsyncClient
    base: str
    id: str
    headers: dict[str, str]

    async def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = self.headers | more.pop("headers", {})
        return await self.client.request(method, self.base + path, headers=headers, **more)

    async def shares(self, path: str, *permissions: str, **receiver: str) -> Json:
        answer = await self("POST", f"{path}grants/", json={"permissions": permissions, **receiver})
        assert answer.status_code in (200, 201), answer.text
        grant: Json = answer.json()
        return grant

    async def sees(self) -> list[str]:
        page = (await self("GET", PROJECTS)).json()
        assert page["count"] == len(page["results"])
        return [project["name"] for project in page["results"]]


@dataclass(frozen=True, slots=True)
class Site:
    """`owner` is the site's admin too, who opens projects."""

    world: World
    scope: SiteScope
    owner: Person
    bob: Person
    eve: Person

    async def opens(self, name: str = "Moon") -> str:
        answer = await self.owner("POST", PROJECTS, json={"name": name})
        return f"{PROJECTS}{answer.json()['id']}/"


@pytest.fixture
async def site(world: World) -> AsyncIterator[Site]:
    scope = await world.site()
    admin, bob, eve = await world.admin(scope), await world.user(scope, "bob"), await world.user(scope, "eve")
    async with world.http() as client:
        people = [
            Person(client, world.host(), str(user.id), await token(client, world.host(), user.username))
            for user in (admin, bob, eve)
        ]
        yield Site(world, scope, *people)


async def test_shares_a_project_with_a_user(site: Site) -> None:
    path = await site.opens()

    answer = await site.owner("POST", f"{path}grants/", json={"user": site.bob.id, "permissions": ["change"]})

    grant = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{path}grants/{grant['id']}/"
    assert answer.headers["etag"] == '"1"'
    assert (grant["user"], grant["group"], grant["permissions"]) == (site.bob.id, None, ["view", "change"])
    assert grant["granted_by"] == grant["created_by"] == site.owner.id
    assert (await site.owner("GET", f"{path}grants/{grant['id']}/")).json() == grant
    assert (await site.bob.sees(), await site.eve.sees()) == (["Moon"], [])
    assert (await site.bob("PATCH", path, json={"name": "Mars"})).status_code == 200
    assert (await site.bob("DELETE", path)).status_code == 403


async def test_a_second_grant_to_the_same_user_replaces_the_first(site: Site) -> None:
    path = await site.opens()
    first = await site.owner.shares(path, "change", user=site.bob.id)

    answer = await site.owner("POST", f"{path}grants/", json={"user": site.bob.id, "permissions": ["delete", "delete"]})

    assert answer.status_code == 200
    assert answer.headers["etag"] == '"2"'
    assert (answer.json()["id"], answer.json()["permissions"]) == (first["id"], ["view", "delete"])
    assert (await site.bob("PATCH", path, json={"name": "Mars"})).status_code == 403
    assert (await site.bob("DELETE", path)).status_code == 204


async def test_shares_a_project_with_a_group(site: Site) -> None:
    path = await site.opens()
    group = await a_group(site.world, site.scope, UserId(UUID(site.bob.id)))

    grant = await site.owner.shares(path, "view", group=str(group))

    assert (grant["user"], grant["group"]) == (None, str(group))
    assert (await site.bob.sees(), await site.eve.sees()) == (["Moon"], [])
    assert (await site.bob("GET", f"{path}grants/{grant['id']}/")).json() == grant


async def test_what_is_not_shared_is_not_there(site: Site) -> None:
    path = await site.opens()
    grant = await site.owner.shares(path, "view", user=site.bob.id)
    body = {"name": "Mars", "description": "", "status": "active", "owner": site.eve.id}
    share = {"user": site.eve.id, "permissions": ["view"]}
    absent = f"{PROJECTS}{uuid4()}/"
    for method, rest, sent in (
        ("GET", "", None),
        ("PATCH", "", {"name": "Mars"}),
        ("PUT", "", body),
        ("DELETE", "", None),
        ("GET", "grants/", None),
        ("POST", "grants/", share),
        ("GET", f"grants/{grant['id']}/", None),
        ("DELETE", f"grants/{grant['id']}/", None),
    ):
        hidden = await site.eve(method, path + rest, json=sent)
        missing = await site.eve(method, absent + rest, json=sent)
        assert (hidden.status_code, missing.status_code) == (404, 404)
        told, known = hidden.json(), missing.json()
        assert told["detail"].replace(path.split("/")[3], "") == known["detail"].replace(absent.split("/")[3], "")
        assert (told["code"], told["error"]) == (known["code"], known["error"]) == ("project_not_found", "Not Found")
    assert (await site.owner("GET", path)).json()["version"] == 1


async def test_who_may_not_share_sees_their_own_grants_and_no_others(site: Site) -> None:
    path = await site.opens()
    mine = await site.owner.shares(path, "view", user=site.bob.id)
    other = await site.owner.shares(path, "view", "share", user=site.eve.id)

    page = (await site.bob("GET", f"{path}grants/")).json()
    hidden = await site.bob("GET", f"{path}grants/{other['id']}/")
    refused = [await site.bob("DELETE", f"{path}grants/{one}/") for one in (mine["id"], other["id"], uuid4())]

    assert (page["count"], page["results"]) == (1, [mine])
    assert (hidden.status_code, hidden.json()["code"]) == (404, "grant_not_found")
    assert [one.status_code for one in refused] == [403, 403, 403]
    assert (await site.eve("GET", f"{path}grants/")).json()["count"] == 2


async def test_passes_on_and_takes_away_at_most_what_one_has(site: Site) -> None:
    path = await site.opens()
    await site.owner.shares(path, "change", "share", user=site.bob.id)
    group = await a_group(site.world, site.scope)
    deleters = await site.owner.shares(path, "delete", group=str(group))

    passed = await site.bob.shares(path, "change", user=site.eve.id)
    refusals = [
        await site.bob("POST", f"{path}grants/", json={"user": site.eve.id, "permissions": ["delete"]}),
        await site.bob("POST", f"{path}grants/", json={"group": str(group), "permissions": ["view"]}),
        await site.bob("DELETE", f"{path}grants/{deleters['id']}/"),
        await site.eve("POST", f"{path}grants/", json={"user": site.bob.id, "permissions": ["view"]}),
    ]

    assert [(one.status_code, one.json()["code"]) for one in refusals] == [(403, "not_permitted")] * 4
    assert (await site.bob("DELETE", f"{path}grants/{passed['id']}/")).status_code == 204
    assert await site.eve.sees() == []


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"permissions": ["view"]}, {"user", "group"}),
        ({"user": str(uuid4()), "group": str(uuid4()), "permissions": ["view"]}, {"user", "group"}),
        ({"user": str(uuid4()), "permissions": ["view"]}, {"user"}),
        ({"group": str(uuid4()), "permissions": ["view"]}, {"group"}),
        ({"user": "me", "permissions": ["own"], "until": "noon"}, {"user", "permissions", "until"}),
        ({"user": str(uuid4()), "permissions": []}, {"permissions"}),
        ({"user": str(uuid4())}, {"permissions"}),
    ],
)
async def test_names_every_wrong_field(site: Site, body: Json, wrong: set[str]) -> None:
    path = await site.opens()

    answer = await site.owner("POST", f"{path}grants/", json=body)

    assert answer.status_code == 400
    assert answer.json()["details"].keys() == wrong
    assert (await site.owner("GET", f"{path}grants/")).json()["count"] == 0


async def test_revokes_a_grant_once_and_at_the_version_that_was_seen(site: Site) -> None:
    path = await site.opens()
    grant = await site.owner.shares(path, "view", user=site.bob.id)
    where = f"{path}grants/{grant['id']}/"

    stale = await site.owner("DELETE", where, headers={"If-Match": '"7"'})
    first = await site.owner("DELETE", where, headers={"If-Match": '"1"'})
    second = await site.owner("DELETE", where)

    assert [one.status_code for one in (stale, first, second)] == [412, 204, 404]
    assert await site.bob.sees() == []


async def test_a_grant_is_found_under_its_own_object_alone(site: Site) -> None:
    moon, mars = await site.opens("Moon"), await site.opens("Mars")
    grant = await site.owner.shares(moon, "view", user=site.bob.id)

    shown = await site.owner("GET", f"{mars}grants/{grant['id']}/")
    revoked = await site.owner("DELETE", f"{mars}grants/{grant['id']}/")

    assert (shown.status_code, revoked.status_code) == (404, 404)
    assert await site.bob.sees() == ["Moon"]


async def test_counts_pages_and_filters_for_whoever_asks(site: Site) -> None:
    paths = [await site.opens(f"P{number}") for number in range(5)]
    for path in paths[:3]:
        await site.owner.shares(path, "view", user=site.bob.id)

    page = (await site.bob("GET", PROJECTS, params={"page_size": 2, "ordering": "name"})).json()
    last = (await site.bob("GET", PROJECTS, params={"page_size": 2, "ordering": "name", "page": 2})).json()
    found = (await site.bob("GET", PROJECTS, params={"search": "P4"})).json()

    assert (page["count"], [one["name"] for one in page["results"]]) == (3, ["P0", "P1"])
    assert (last["count"], [one["name"] for one in last["results"]], last["next"]) == (3, ["P2"], None)
    assert (found["count"], found["results"]) == (0, [])


async def test_lists_grants_by_page_and_receiver(site: Site) -> None:
    path = await site.opens()
    grants = [await site.owner.shares(path, "view", user=person.id) for person in (site.bob, site.eve)]

    page = (await site.owner("GET", f"{path}grants/", params={"page_size": 1, "ordering": "-created_at"})).json()
    to_bob = (await site.owner("GET", f"{path}grants/", params={"user": site.bob.id})).json()
    wrong = await site.owner("GET", f"{path}grants/", params={"user": "me", "colour": "red", "ordering": "name"})

    assert (page["count"], page["results"]) == (2, grants[1:])
    assert page["next"].endswith("grants/?page_size=1&ordering=-created_at&page=2")
    assert to_bob["results"] == grants[:1]
    assert wrong.status_code == 400
    assert wrong.json()["details"].keys() == {"user", "colour", "ordering"}


async def test_an_owner_is_changed_by_its_owner(site: Site) -> None:
    path = await site.opens()
    await site.owner.shares(path, "change", "delete", "share", user=site.bob.id)

    taken = await site.bob("PATCH", path, json={"owner": site.bob.id})
    kept = await site.bob("PATCH", path, json={"owner": site.owner.id})
    given = await site.owner("PATCH", path, json={"owner": site.eve.id})
    passed = await site.eve("PATCH", path, json={"owner": site.bob.id})

    assert [one.status_code for one in (taken, kept, given, passed)] == [403, 200, 200, 200]
    assert await site.eve.sees() == []
