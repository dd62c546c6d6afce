"""A renamed site: its old host sends everybody to the new one, and nobody anywhere else."""

from collections.abc import AsyncIterator

import httpx
import pytest

from application.tenancy.rename_site import RenameSite
from application.tenancy.resume_site import ResumeSite
from application.tenancy.suspend_site import SuspendSite
from tests.world import HttpClient, World, token


@pytest.fixture
async def client(world: World) -> AsyncIterator[HttpClient]:
    """The site `acme` with an admin, served at its old host until it was renamed to `moved`."""
    await world.admin(await world.site())
    async with world.http() as client:
        assert (await client.get(f"{world.host()}/.well-known/jwks.json")).status_code == 200
        await rename(world, "acme", "moved")
        await client.catch_up()
        yield client


async def rename(world: World, old: str, new: str) -> None:
    async with world.acting() as acting:
        await (await acting.get(RenameSite))(slug=world.slug(old), new_slug=world.slug(new), seen=None)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_every_method_is_sent_on_and_stays_what_it_is(world: World, client: HttpClient, method: str) -> None:
    answer = await client.request(method, f"{world.host()}/api/projects/")

    assert answer.status_code == 308
    assert answer.headers["location"] == f"{world.host('moved')}/api/projects/"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-request-id"]
    if method == "HEAD":
        assert answer.content == b""
    else:
        assert answer.json()["code"] == "site_moved"


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/api/projects",
        "/api/projects/?page=2&search=a%20b&ordering=-name",
        "/api/cloud/auth/jwt/token/",
        "/a%2Fb/%C3%A4//c?x=%26&y=1;2",
        "//evil.example/",
        "/@evil.example",
        "/x?next=http://evil.example/",
        "/x?",
    ],
)
async def test_path_and_query_stay_as_they_were_sent(world: World, client: HttpClient, target: str) -> None:
    answer = await client.send(client.build_request("GET", httpx.URL(f"{world.host()}{target}")))

    assert answer.status_code == 308
    assert answer.headers["location"] == f"{world.host('moved')}{target.removesuffix('?')}"


@pytest.mark.parametrize(
    ("host", "leads_to"),
    [
        ("{}.localhost:8000", "http://{}.localhost:8000/x"),
        ("{}.LOCALHOST.:8000", "http://{}.localhost:8000/x"),
        ("{}.127.0.0.1.nip.io", "http://{}.127.0.0.1.nip.io/x"),
    ],
)
async def test_domain_and_port_stay_as_they_were(world: World, client: HttpClient, host: str, leads_to: str) -> None:
    answer = await client.get("http://127.0.0.1/x", headers={"Host": host.format(world.slug())})

    assert answer.headers["location"] == leads_to.format(world.slug("moved"))


async def test_behind_a_trusted_proxy_scheme_host_and_port_are_those_of_the_client(
    world: World, client: HttpClient
) -> None:
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": f"{world.slug()}.localhost:8443"}
    async with world.http(trusted_proxies=("127.0.0.1",)) as proxied:
        answer = await proxied.get("http://inner/x?y=1", headers=forwarded)
    direct = await client.get(f"{world.host()}/x", headers=forwarded)

    assert answer.headers["location"] == f"https://{world.slug('moved')}.localhost:8443/x?y=1"
    assert direct.headers["location"] == f"{world.host('moved')}/x"


async def test_whoever_follows_gets_there_with_their_token(world: World, client: HttpClient) -> None:
    headers = await token(client, world.host("moved"))
    old = f"{world.host()}/api/projects/"

    made = await client.post(old, json={"name": "Moon"}, headers=headers)
    assert made.status_code == 308
    made = await client.post(made.headers["location"], json={"name": "Moon"}, headers=headers)
    found = await client.get((await client.get(old, headers=headers)).headers["location"], headers=headers)

    assert made.status_code == 201
    assert [project["name"] for project in found.json()["results"]] == ["Moon"]


@pytest.mark.parametrize("path", ["/health/", "/health/live", "/health/ready/"])
async def test_health_is_told_where_it_was_asked(world: World, client: HttpClient, path: str) -> None:
    assert (await client.get(f"{world.host()}{path}")).status_code == 200


async def test_leads_to_the_newest_name_and_back_again(world: World, client: HttpClient) -> None:
    async def location(name: str) -> str:
        await client.catch_up()
        return str((await client.get(f"{world.host(name)}/x")).headers["location"])

    assert await location("acme") == f"{world.host('moved')}/x"
    await rename(world, "moved", "further")
    assert await location("acme") == await location("moved") == f"{world.host('further')}/x"
    await rename(world, "further", "acme")
    assert await location("moved") == await location("further") == f"{world.host()}/x"
    assert (await client.get(f"{world.host()}/x")).status_code == 404


async def test_the_new_host_says_that_the_site_is_suspended(world: World, client: HttpClient) -> None:
    async with world.acting() as acting:
        await (await acting.get(SuspendSite))(slug=world.slug("moved"), seen=None)
    await client.catch_up()
    led = await client.get(f"{world.host()}/x")
    assert (led.status_code, (await client.get(led.headers["location"])).status_code) == (308, 503)

    async with world.acting() as acting:
        await (await acting.get(ResumeSite))(slug=world.slug("moved"), seen=None)
    await client.catch_up()
    assert (await client.get(f"{world.host('moved')}/x")).status_code == 404


async def test_after_seven_days_nobody_answers(world: World, client: HttpClient) -> None:
    world.clock.advance(days=7, minutes=1)
    async with world.http() as later:
        answer = await later.get(f"{world.host()}/x")

    assert (answer.status_code, answer.json()["code"]) == (404, "site_not_found")
