"""Custom domains on every store: who holds one, and where it leads."""

import pytest

from application.tenancy.domains.add_domain import AddDomain
from application.tenancy.domains.views import DomainView
from application.tenancy.ports import SiteReader
from application.tenancy.suspend_site import SuspendSite
from domain.shared.errors import InvalidError, StaleError
from domain.tenancy.domain import (
    MOST_DOMAINS,
    DnsUnavailableError,
    DomainExistsError,
    DomainNotFoundError,
    DomainNotVerifiedError,
    DomainStatus,
    TooManyDomainsError,
)
from tests.contracts.tenancy.claims import Claims, two_sites
from tests.world import World

FAILED, PENDING, VERIFIED = DomainStatus.FAILED, DomainStatus.PENDING, DomainStatus.VERIFIED


@pytest.fixture
def claims(world: World) -> Claims:
    return Claims(world)


async def test_a_claim_alone_leads_nowhere(world: World, claims: Claims) -> None:
    await world.site()
    domain = await claims.add()
    assert (domain.status, await claims.site_at()) == (PENDING, None)
    assert await claims.shown() == DomainView.of(domain)
    assert domain.proof.startswith("taruvi-verification=")


async def test_a_proved_domain_leads_to_its_site(world: World, claims: Claims) -> None:
    site = await world.site()
    domain = await claims.verified()
    assert domain.status is VERIFIED
    assert await claims.site_at() == site.site_id
    assert await claims.shown() == DomainView.of(domain)


async def test_a_domain_without_its_record_fails(world: World, claims: Claims) -> None:
    await world.site()
    await claims.add()
    assert (await claims.verify()).status is FAILED
    assert await claims.site_at() is None


async def test_proofs_are_made_per_site_and_domain(world: World, claims: Claims) -> None:
    await two_sites(world)
    added = [await claims.add(site, domain) for site in ("acme", "rival") for domain in ("a", "b")]
    assert len({domain.proof for domain in added}) == 4


async def test_a_domain_removed_and_claimed_again_needs_a_new_proof(world: World, claims: Claims) -> None:
    await world.site()
    await claims.verified()
    await claims.remove()
    assert await claims.site_at() is None
    await claims.add()
    assert (await claims.verify()).status is FAILED


async def test_dns_that_is_away_changes_nothing(world: World, claims: Claims) -> None:
    site = await world.site()
    domain = await claims.verified()
    world.dns.away = True
    with pytest.raises(DnsUnavailableError):
        await claims.verify()
    with pytest.raises(DnsUnavailableError):
        await claims.reverify(domain)
    assert await claims.shown() == DomainView.of(domain)
    assert await claims.site_at() == site.site_id


async def test_a_domain_whose_record_is_gone_fails_when_it_is_looked_for(world: World, claims: Claims) -> None:
    site = await world.site()
    domain = await claims.verified()
    await claims.set_primary()
    again = await claims.reverify(domain)
    assert again is not None
    assert (again.status, again.is_primary) == (VERIFIED, True)
    claims.withdraw(domain)
    assert await claims.site_at() == site.site_id
    for _ in range(2):
        failed = await claims.reverify(domain)
        assert failed is not None
        assert (failed.status, failed.is_primary) == (FAILED, False)
    assert await claims.site_at() is None


async def test_reverifying_leaves_alone_what_is_not_verified(world: World, claims: Claims) -> None:
    await world.site()
    domain = await claims.add()
    claims.publish(domain)
    assert await claims.reverify(domain) == domain
    await claims.remove()
    assert await claims.reverify(domain) is None


async def test_verified_domains_of_all_sites_are_found_in_order(world: World, claims: Claims) -> None:
    await two_sites(world)
    verified = [await claims.verified(site, name) for site in ("acme", "rival") for name in (f"{site}1", f"{site}2")]
    await claims.add("acme", "pending")
    assert await claims.verified_ids() == [domain.id for domain in verified]


async def test_a_site_has_one_primary_domain_and_it_is_shown(world: World, claims: Claims) -> None:
    await world.site()
    for name in ("a", "b"):
        await claims.verified(domain=name)
        await claims.set_primary(domain=name)
    assert not (await claims.shown(domain="a")).is_primary
    before = await claims.shown(domain="b")
    await claims.set_primary(domain="b")
    assert await claims.shown(domain="b") == before
    async with world.acting() as container:
        site = await (await container.get(SiteReader)).get(world.slug(), None)
    assert site.primary_domain == claims.name("b")


async def test_only_a_verified_domain_becomes_primary(world: World, claims: Claims) -> None:
    await world.site()
    await claims.add()
    with pytest.raises(DomainNotVerifiedError):
        await claims.set_primary()


async def test_a_site_claims_a_domain_once_and_twenty_at_most(world: World, claims: Claims) -> None:
    await two_sites(world)
    await claims.add("acme", "0")
    with pytest.raises(DomainExistsError):
        await claims.add("acme", "0")
    for number in range(1, MOST_DOMAINS):
        await claims.add("acme", str(number))
    with pytest.raises(TooManyDomainsError):
        await claims.add("acme", "one-more")
    await claims.add("rival", "one-more")
    await claims.remove("acme", "0")
    await claims.add("acme", "one-more")


@pytest.mark.parametrize("name", ["192.0.2.1", "acme", "a.localhost", "*.acme.example"])
async def test_refuses_what_no_site_may_have(world: World, name: str) -> None:
    await world.site()
    async with world.acting() as container:
        add = await container.get(AddDomain)
        with pytest.raises(InvalidError):
            await add(slug=world.slug(), domain=name)


async def test_a_suspended_site_keeps_its_domains(world: World, claims: Claims) -> None:
    site = await world.site()
    await claims.verified()
    async with world.acting() as container:
        await (await container.get(SuspendSite))(slug=world.slug(), seen=None)
    assert await claims.site_at() == site.site_id


async def test_refuses_to_remove_what_has_changed(world: World, claims: Claims) -> None:
    await world.site()
    domain = await claims.verified()
    with pytest.raises(StaleError):
        await claims.remove(seen=frozenset({domain.version - 1}))
    await claims.remove(seen=frozenset({domain.version}))
    with pytest.raises(DomainNotFoundError):
        await claims.remove()
