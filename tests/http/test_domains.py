"""The resource: what goes in, what comes out, and who may."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from domain.tenancy.membership import MemberRole
from tests.contracts.tenancy.claims import Claims, a_member
from tests.world import PLATFORM, HttpClient, World, memory_world, token

P = "http://localhost"


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A site `acme` of an organization with an owner and a member; a stranger."""
    async with memory_world() as world:
        await world.site()
        await a_member(world, "owner", MemberRole.OWNER)
        await a_member(world, "member", MemberRole.MEMBER)
        await world.user(PLATFORM, f"stranger-{world.suffix}")
        yield world


@pytest.fixture
async def client(world: World) -> AsyncIterator[HttpClient]:
    """Signed in as the owner; its addresses are relative to the site's domains."""
    async with world.http() as client:
        client.headers.update(await signed_in(world, client, "owner"))
        client.base_url = httpx.URL(f"{P}/api/sites/{world.slug()}/domains/")
        yield client


async def signed_in(world: World, client: HttpClient, username: str) -> dict[str, str]:
    return await token(client, P, f"{username}-{world.suffix}")


async def test_a_domain_from_its_beginning_to_its_end(world: World, client: HttpClient) -> None:
    added = await client.post("", json={"domain": "WWW.acme.example."})
    domain = added.json()
    value = domain["verification"]["value"]
    assert added.status_code == 201
    assert added.headers["location"] == f"/api/sites/{world.slug()}/domains/www.acme.example/"
    assert added.headers["etag"] == '"1"'
    assert domain == {
        "id": domain["id"],
        "domain": "www.acme.example",
        "is_primary": False,
        "status": "pending",
        "verification": {"record": "_taruvi-challenge.www.acme.example", "value": value},
        "verified_at": None,
        "checked_at": None,
        "created_at": domain["created_at"],
        "updated_at": domain["updated_at"],
        "created_by": domain["created_by"],
        "version": 1,
    }
    assert len(value.removeprefix("taruvi-verification=")) == 43
    assert (await client.get("www.acme.example/")).json() == domain
    assert (await client.get("")).json() == {"count": 1, "next": None, "previous": None, "results": [domain]}

    world.dns.records[domain["verification"]["record"]] = {value}
    verified = await client.post("www.acme.example/verify/")
    assert (verified.headers["etag"], verified.json()["status"]) == ('"2"', "verified")
    assert verified.json()["verified_at"] == verified.json()["checked_at"] is not None
    primary = await client.post("www.acme.example/primary/")
    assert (primary.headers["etag"], primary.json()["is_primary"]) == ('"3"', True)

    stale = await client.delete("www.acme.example/", headers={"If-Match": '"2"'})
    assert (stale.status_code, stale.json()["code"]) == (412, "stale_version")
    assert (await client.delete("www.acme.example/", headers={"If-Match": '"3"'})).status_code == 204
    assert (await client.get("www.acme.example/")).json()["code"] == "domain_not_found"


NO_DOMAINS = ("", "acme", "192.0.2.1", "[::1]", "*.a.example", "a b.example", "a" * 254, "\u0000.example")
INTERNATIONAL = ("☃.example", "xn--nobody-.example")
PLATFORMS = ("acme.localhost", "127.0.0.1.nip.io", "x.127.0.0.1.nip.io")


@pytest.mark.parametrize("domain", NO_DOMAINS + INTERNATIONAL + PLATFORMS)
async def test_refuses_what_no_site_may_have(client: HttpClient, domain: str) -> None:
    refused = await client.post("", json={"domain": domain})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid")
    assert refused.json()["details"].keys() == {"domain"}


async def test_all_wrong_fields_are_told(client: HttpClient) -> None:
    refused = await client.post("", json={"domain": 1, "is_primary": True})
    assert refused.json()["details"].keys() == {"domain", "is_primary"}
    asked = await client.get("?status=gone&ordering=proof&is_primary=maybe&proof=x")
    assert asked.json()["details"].keys() == {"status", "ordering", "is_primary", "proof"}


async def test_the_same_domain_twice_is_a_conflict(client: HttpClient) -> None:
    await client.post("", json={"domain": "bücher.example"})
    again = await client.post("", json={"domain": "xn--bcher-kva.example"})
    assert (again.status_code, again.json()["code"]) == (409, "domain_exists")


async def test_a_list_has_filters_an_order_and_pages(client: HttpClient) -> None:
    for name in ("b", "a", "c"):
        await client.post("", json={"domain": f"{name}.example"})
    await client.post("a.example/verify/")
    expected = {
        "": ["a", "b", "c"],
        "?ordering=-domain&page_size=2": ["c", "b"],
        "?ordering=created_at&page=2&page_size=2": ["c"],
        "?status=failed": ["a"],
        "?search=B.EX": ["b"],
        "?is_primary=true": [],
        "?created_at__gte=2100-01-01T00:00:00Z": [],
    }
    for query, names in expected.items():
        found = (await client.get(query)).json()["results"]
        assert [one["domain"].removesuffix(".example") for one in found] == names, query
    page = (await client.get("?page_size=2")).json()
    assert (page["count"], page["next"]) == (3, f"{client.base_url}?page_size=2&page=2")


REQUESTS: list[tuple[str, str, Any]] = [
    ("POST", "", {"domain": "new.example"}),
    ("DELETE", "www.acme.example/", None),
    ("POST", "www.acme.example/verify/", None),
    ("POST", "www.acme.example/primary/", None),
]


async def test_a_member_reads_and_does_not_write(world: World, client: HttpClient) -> None:
    await client.post("", json={"domain": "www.acme.example"})
    member = await signed_in(world, client, "member")
    assert (await client.get("", headers=member)).json()["count"] == 1
    assert (await client.get("www.acme.example/", headers=member)).status_code == 200
    for method, path, body in REQUESTS:
        refused = await client.request(method, path, json=body, headers=member)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")


async def test_to_a_stranger_it_looks_as_if_there_were_no_such_site(world: World, client: HttpClient) -> None:
    await client.post("", json={"domain": "www.acme.example"})
    stranger = await signed_in(world, client, "stranger")
    absent = f"{P}/api/sites/{world.slug('absent')}/domains/"
    for method, path, body in [("GET", "", None), ("GET", "www.acme.example/", None), *REQUESTS]:
        there = await client.request(method, path, json=body, headers=stranger)
        nowhere = await client.request(method, absent + path, json=body, headers=stranger)
        assert (there.status_code, nowhere.status_code) == (404, 404)
        assert there.text == nowhere.text.replace(world.slug("absent"), world.slug())


async def test_a_taken_domain_is_told_without_its_holder(world: World, client: HttpClient) -> None:
    await world.site("rival")
    claims = Claims(world)
    await claims.verified("rival")
    mine = (await client.post("", json={"domain": claims.name()})).json()
    assert mine["status"] == "pending"
    world.dns.records[mine["verification"]["record"]].add(mine["verification"]["value"])
    refused = await client.post(f"{claims.name()}/verify/")
    assert (refused.status_code, refused.json()["code"]) == (409, "domain_taken")
    assert "rival" not in refused.text


@pytest.mark.parametrize("path", ["", "www.acme.example/"])
async def test_they_are_on_the_platforms_host_alone(world: World, client: HttpClient, path: str) -> None:
    there = await client.get(f"{world.host()}/api/sites/{world.slug()}/domains/{path}")
    assert (there.status_code, there.json()["code"]) == (404, "not_found")
