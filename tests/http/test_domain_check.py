"""What a TLS server asks before it gets a certificate."""

from collections.abc import AsyncIterator
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
import pytest

from application.tenancy.rename_site import RenameSite
from application.tenancy.suspend_site import SuspendSite
from tests.contracts.tenancy.claims import Claims
from tests.world import HttpClient, World

ASK = "http://localhost/api/domains/check/"


@pytest.fixture
async def client(memory: World) -> AsyncIterator[HttpClient]:
    async with memory.http(tls_check_callers=("10.0.0.0/8",), trusted_proxies=("192.0.2.0/24",)) as client:
        yield client


async def ask(client: httpx.AsyncClient, domain: str, url: str = ASK, **headers: str) -> int:
    return (await client.get(url, params={"domain": domain}, headers=headers)).status_code


async def test_a_verified_domain_is_worth_a_certificate(memory: World, client: HttpClient) -> None:
    claims = Claims(memory)
    await claims.verified(domain="bücher".encode("idna").decode())
    await claims.add(domain="pending")
    found = await client.get(ASK, params={"domain": claims.name("BÜCHER")})
    assert (found.status_code, found.json()) == (200, {"domain": claims.name("xn--bcher-kva")})
    assert await ask(client, claims.name("pending")) == 404
    assert await ask(client, f"x.{claims.name('xn--bcher-kva')}") == 404


async def test_hosts_of_sites_and_of_the_platform_are_too(memory: World, client: HttpClient) -> None:
    acme = f"{memory.slug()}.localhost"
    for host in ("localhost", "app.localhost", "127.0.0.1.nip.io", acme, f"{acme.upper()}."):
        assert await ask(client, host) == 200
    for host in ("nobody.localhost", f"x.{acme}", "example.org", "*", "a b", "☃.example", "192.0.2.1"):
        assert await ask(client, host) == 404


async def test_a_closed_site_gets_none(memory: World, client: HttpClient) -> None:
    claims = Claims(memory)
    await claims.verified()
    async with memory.acting() as acting:
        await (await acting.get(SuspendSite))(slug=memory.slug(), seen=None)
    assert await ask(client, claims.name()) == 404
    assert await ask(client, f"{memory.slug()}.localhost") == 404


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("127.0.0.1", 200),
        ("127.8.8.8", 200),
        ("::1", 200),
        ("::ffff:127.0.0.1", 200),
        ("10.1.2.3", 200),
        ("11.0.0.1", 404),
        ("192.0.2.1", 404),
        ("2001:db8::1", 404),
        ("", 404),
    ],
)
async def test_only_known_callers_may_ask(memory: World, client: HttpClient, address: str, status: int) -> None:
    app = cast("Any", client._transport).app
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(address, 1))) as caller:
        assert await ask(caller, "localhost") == status
        nothing = await caller.get(f"{ASK}?unknown=1")
        assert nothing.status_code == (400 if status == 200 else 404)


async def test_whoever_comes_through_a_proxy_is_who_is_behind_it(memory: World, client: HttpClient) -> None:
    app = cast("Any", client._transport).app
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app, client=("192.0.2.7", 1))) as proxy:
        assert await ask(proxy, "localhost", **{"X-Forwarded-For": "203.0.113.9"}) == 404
        assert await ask(proxy, "localhost", **{"X-Forwarded-For": "10.1.2.3"}) == 200
    assert await ask(client, "localhost", **{"X-Forwarded-For": "203.0.113.9"}) == 200


async def test_it_is_not_there_on_the_hosts_of_sites(memory: World, client: HttpClient) -> None:
    assert await ask(client, "localhost", url=f"{memory.host()}/api/domains/check/") == 404


async def test_a_renamed_sites_old_host_needs_one_to_lead_on(memory: World, client: HttpClient) -> None:
    await memory.site("old")
    async with memory.acting() as container:
        await (await container.get(RenameSite))(slug=memory.slug("old"), new_slug=memory.slug("new"), seen=None)
    hosts = [urlsplit(memory.host(name)).hostname or "" for name in ("old", "new", "never")]
    assert [await ask(client, host) for host in hosts] == [200, 200, 404]


async def test_the_domain_must_be_given(client: HttpClient) -> None:
    refused = await client.get(ASK)
    assert (refused.status_code, refused.json()["details"].keys()) == (400, {"domain"})
