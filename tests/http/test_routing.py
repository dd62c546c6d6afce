"""Which site answers: by the `Host` header alone, whatever else a request says."""

from collections.abc import AsyncIterator

import pytest

from application.tenancy.delete_site import DeleteSite
from application.tenancy.rename_site import RenameSite
from application.tenancy.resume_site import ResumeSite
from application.tenancy.suspend_site import SuspendSite
from tests.world import PASSWORD, HttpClient, World, token

WHO = "/api/projects/?page_size=1"
LOG_IN = "/api/auth/jwt/token/"


@pytest.fixture
async def client(world: World) -> AsyncIterator[HttpClient]:
    """Sites `acme` and `client2`, each with an admin; forwarded headers count from 10.0.0.0/8, where we are not."""
    for name in ("acme", "client2"):
        await world.admin(await world.site(name))
    async with world.http(trusted_proxies=("10.0.0.0/8",)) as client:
        yield client


async def code(client: HttpClient, host: str, path: str = WHO, **headers: str) -> str:
    """`not_authenticated` is what a site's own API says to strangers."""
    answer = await client.get(f"http://127.0.0.1{path}", headers={"Host": host, **headers})
    assert answer.headers["x-request-id"]
    return str(answer.json()["code"])


@pytest.mark.parametrize(
    "form",
    ["{}.localhost", "{}.localhost:8000", "{}.localhost.", "{}.localhost.:80", "{}.LOCALHOST", "{}.127.0.0.1.nip.io"],
)
async def test_a_site_answers_at_its_host(world: World, client: HttpClient, form: str) -> None:
    assert await code(client, form.format(world.slug())) == "not_authenticated"
    assert await code(client, form.format(world.slug().upper())) == "not_authenticated"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "app.localhost", "127.0.0.1.nip.io", "APP.localhost."])
async def test_the_platform_has_no_resources_of_sites(client: HttpClient, host: str) -> None:
    assert await code(client, host) == "not_found"
    assert await code(client, host, "/api/sites/") == "not_authenticated"


@pytest.mark.parametrize(
    "form",
    [
        "nobody.localhost",
        "x.{}.localhost",
        "{}",
        "{}.localhost.evil.example",
        "{}.localhost:0",
        "{}.localhost:99999",
        "{}.localhost..",
        "{}_.localhost",
        "user@{}.localhost",
        "{0}.localhost,{0}.localhost",
        "{}.localhost/",
        "[::1]",
        "[::1]:8000",
        "-",
        "",
        "xn--nobody-.localhost",
        "a" * 254,
    ],
)
async def test_nobody_answers_elsewhere(world: World, client: HttpClient, form: str) -> None:
    assert await code(client, form.format(world.slug())) == "site_not_found"


async def test_a_host_can_be_written_in_unicode(world: World, client: HttpClient) -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in "acme") + world.slug()[4:]
    headers = [(b"Host", f"{wide}.localhost".encode())]
    answer = await client.get(f"http://127.0.0.1{WHO}", headers=headers)
    assert answer.json()["code"] == "not_authenticated"


async def test_two_hosts_are_none(world: World, client: HttpClient) -> None:
    headers = [("Host", f"{world.slug()}.localhost"), ("Host", f"{world.slug('client2')}.localhost")]
    answer = await client.get(f"http://127.0.0.1{WHO}", headers=headers)
    assert answer.json()["code"] == "site_not_found"


async def test_forwarded_headers_from_anybody_count_for_nothing(world: World, client: HttpClient) -> None:
    forwarded = {"X-Forwarded-Host": f"{world.slug()}.localhost", "X-Forwarded-For": "203.0.113.9"}
    assert await code(client, "localhost", **forwarded) == "not_found"
    assert await code(client, "nobody.localhost", **forwarded) == "site_not_found"


async def test_links_show_what_the_client_typed(world: World, client: HttpClient) -> None:
    base = f"{world.host()}:8000"
    headers = await token(client, base) | {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    for name in ("One", "Two"):
        await client.post(f"{base}/api/projects/", json={"name": name}, headers=headers)
    page = (await client.get(f"{base}/api/projects?ordering=name&search=&page_size=1", headers=headers)).json()
    assert page["next"] == f"{base}/api/projects?ordering=name&search=&page_size=1&page=2"


async def test_links_behind_a_trusted_proxy_are_those_of_the_proxy(world: World) -> None:
    await world.admin(await world.site())
    async with world.http(trusted_proxies=("127.0.0.1",)) as client:
        forwarded = {
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": f"{world.slug()}.localhost:8443",
            "X-Forwarded-For": "198.51.100.1, 203.0.113.9, 127.0.0.1",
        }
        log_in = {"username": "admin", "password": PASSWORD}
        pair = (await client.post(f"http://inner{LOG_IN}", json=log_in, headers=forwarded)).json()
        headers = forwarded | {"Authorization": f"Bearer {pair['access']}"}
        for name in ("One", "Two"):
            await client.post("http://inner/api/projects/", json={"name": name}, headers=headers)

        page = (await client.get("http://inner/api/projects/?page_size=1", headers=headers)).json()
        sessions = (await client.get("http://inner/api/auth/sessions/", headers=headers)).json()

    assert page["next"] == f"https://{world.slug()}.localhost:8443/api/projects/?page_size=1&page=2"
    assert sessions["results"][0]["address"] == "203.0.113.9"


async def test_the_auth_endpoints_answer_under_the_prefix_of_published_clients_too(
    world: World, client: HttpClient
) -> None:
    base = f"{world.host()}/api/cloud/auth/jwt"
    log_in = {"username": "admin", "password": PASSWORD}
    pair = (await client.post(f"{base}/token/", json=log_in)).json()
    assert (await client.post(f"{base}/verify", json={"token": pair["access"]})).status_code == 200
    assert (await client.post(f"{base}/token/refresh/", json={"refresh": pair["refresh"]})).status_code == 200
    headers = {"Authorization": f"Bearer {pair['access']}"}
    assert (await client.get(f"{world.host()}/api/cloud/projects/", headers=headers)).status_code == 404


async def test_a_suspended_site_is_closed_and_opens_again(world: World, client: HttpClient) -> None:
    async with world.acting() as acting:
        await (await acting.get(SuspendSite))(slug=world.slug(), seen=None)
    await client.catch_up()
    answer = await client.get(f"{world.host()}{WHO}")
    assert (answer.status_code, answer.json()["code"]) == (503, "site_suspended")
    assert int(answer.headers["retry-after"]) > 0
    assert await code(client, f"{world.slug('client2')}.localhost") == "not_authenticated"

    async with world.acting() as acting:
        await (await acting.get(ResumeSite))(slug=world.slug(), seen=None)
    await client.catch_up()
    assert await code(client, f"{world.slug()}.localhost") == "not_authenticated"


async def test_a_renamed_site_answers_at_its_new_host_alone(world: World, client: HttpClient) -> None:
    async with world.acting() as acting:
        await (await acting.get(RenameSite))(slug=world.slug(), new_slug=world.slug("acme2"), seen=None)
    await client.catch_up()
    assert await code(client, f"{world.slug()}.localhost") == "site_moved"
    assert await code(client, f"{world.slug('acme2')}.localhost") == "not_authenticated"


async def test_a_deleted_site_is_not_there(world: World, client: HttpClient) -> None:
    assert await code(client, f"{world.slug()}.localhost") == "not_authenticated"
    async with world.acting() as acting:
        await (await acting.get(DeleteSite))(slug=world.slug(), confirm=world.slug(), seen=None)
    await client.catch_up()
    assert await code(client, f"{world.slug()}.localhost") == "site_not_found"
