"""A custom domain leads to its site, on every store, as long as it is verified."""

from collections.abc import AsyncIterator, Iterator
from uuid import UUID

import httpx
import pytest
from dishka import Provider, provide
from dishka import Scope as Lifetime

from adapters.dns.proofs import DnsDomainProofs
from application.tenancy.domains.ports import DomainProofs
from application.tenancy.domains.reverify_domain import ReverifyDomain
from domain.tenancy.domain import DomainId
from tests.dns.server import DnsServer, dns_server
from tests.world import HttpClient, World, token

WHO = "/api/projects/?page_size=1"


class RealDns(Provider):
    def __init__(self, server: DnsServer) -> None:
        super().__init__()
        self._server = server

    @provide(scope=Lifetime.APP, override=True)
    def proofs(self) -> DomainProofs:
        return DnsDomainProofs([("127.0.0.1", self._server.port)], try_seconds=0.2, longest_seconds=0.4)


@pytest.fixture
def server() -> Iterator[DnsServer]:
    with dns_server() as server:
        yield server


@pytest.fixture
async def client(world: World, server: DnsServer) -> AsyncIterator[HttpClient]:
    """Signed in as an admin of the platform, with a site `acme` that has an admin of its own."""
    await world.admin()
    await world.admin(await world.site())
    async with world.http(RealDns(server)) as client:
        client.base_url = httpx.URL(f"http://localhost/api/sites/{world.slug()}/")
        client.headers.update(await token(client, "http://localhost", f"admin-{world.suffix}"))
        yield client


async def add(client: HttpClient, server: DnsServer, domain: str) -> str:
    """Claim it and publish its record; the domain in ASCII."""
    added = (await client.post("domains/", json={"domain": domain})).json()
    server.records[added["verification"]["record"]] = [f'"{added["verification"]["value"]}"']
    return str(added["domain"])


async def code(client: HttpClient, host: str) -> str:
    answer = await client.get(f"http://127.0.0.1{WHO}", headers=[(b"Host", host.encode()), (b"Authorization", b"")])
    return str(answer.json()["code"])


async def test_a_site_answers_at_its_verified_domain_until_it_is_removed(
    world: World, client: HttpClient, server: DnsServer
) -> None:
    domain = await add(client, server, f"bücher.{world.suffix}.example")
    unicode = f"Bücher.{world.suffix}.example"
    assert domain == f"xn--bcher-kva.{world.suffix}.example"
    assert await code(client, domain) == "site_not_found"

    verified = await client.post(f"domains/{unicode}/verify/")
    assert (verified.status_code, verified.json()["status"]) == (200, "verified")
    for host in (domain, f"{domain}:8443", f"{domain.upper()}.", unicode):
        assert await code(client, host) == "not_authenticated"
    signed_in = await token(client, f"http://{domain}")
    assert (await client.get(f"http://{domain}{WHO}", headers=signed_in)).status_code == 200
    assert (await client.get(f"{world.host()}{WHO}", headers=signed_in)).status_code == 200

    assert (await client.delete(f"domains/{domain}/")).status_code == 204
    assert await code(client, domain) == "site_not_found"


async def test_a_domain_that_fails_elsewhere_leads_nowhere_any_more(
    world: World, client: HttpClient, server: DnsServer
) -> None:
    domain = await add(client, server, f"www.{world.suffix}.example")
    added = (await client.post(f"domains/{domain}/verify/")).json()
    assert await code(client, domain) == "not_authenticated"
    async with world.acting() as elsewhere:
        await (await elsewhere.get(ReverifyDomain))(domain_id=DomainId(UUID(added["id"])))
    await client.catch_up()
    assert await code(client, domain) == "site_not_found"


async def test_the_primary_domain_is_the_sites_address(world: World, client: HttpClient, server: DnsServer) -> None:
    domain = await add(client, server, f"www.{world.suffix}.example")
    refused = await client.post(f"domains/{domain}/primary/")
    assert (refused.status_code, refused.json()["code"]) == (422, "domain_not_verified")
    await client.post(f"domains/{domain}/verify/")
    assert (await client.post(f"domains/{domain}/primary/")).json()["is_primary"] is True
    site = (await client.get("")).json()
    assert (site["primary_domain"], site["url"]) == (domain, f"http://{domain}/")

    server.records.clear()
    assert (await client.post(f"domains/{domain}/verify/")).json()["status"] == "failed"
    site = (await client.get("")).json()
    assert (site["primary_domain"], site["url"]) == (None, f"{world.host()}/")


async def test_dns_that_is_down_is_told_and_changes_nothing(
    world: World, client: HttpClient, server: DnsServer
) -> None:
    domain = await add(client, server, f"www.{world.suffix}.example")
    before = (await client.post(f"domains/{domain}/verify/")).json()
    server.silent = True
    refused = await client.post(f"domains/{domain}/verify/")
    assert (refused.status_code, refused.json()["code"]) == (503, "dns_unavailable")
    assert int(refused.headers["retry-after"]) > 0
    assert (await client.get(f"domains/{domain}/")).json() == before
    assert await code(client, domain) == "not_authenticated"
