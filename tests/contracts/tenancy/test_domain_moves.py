"""No domain is taken from whoever still proves control over it."""

import pytest

from application.tenancy.delete_site import DeleteSite
from application.tenancy.domains.views import DomainView
from domain.tenancy.domain import (
    DomainStatus,
    DomainTakenError,
)
from tests.contracts.tenancy.claims import Claims, two_sites
from tests.world import World

FAILED, VERIFIED = DomainStatus.FAILED, DomainStatus.VERIFIED


@pytest.fixture
def claims(world: World) -> Claims:
    return Claims(world)


async def test_a_holder_keeps_the_domain_while_its_proof_is_there(world: World, claims: Claims) -> None:
    acme, _ = await two_sites(world)
    held = await claims.verified("acme")
    newcomer = await claims.add("rival")
    claims.publish(newcomer)
    with pytest.raises(DomainTakenError) as refused:
        await claims.verify("rival")
    assert world.slug("acme") not in str(refused.value)
    assert await claims.site_at() == acme.site_id
    assert await claims.shown("acme") == DomainView.of(held)
    assert await claims.shown("rival") == DomainView.of(newcomer)


async def test_a_newcomer_without_proof_does_not_touch_the_holder(world: World, claims: Claims) -> None:
    acme, _ = await two_sites(world)
    held = await claims.verified("acme")
    claims.withdraw(held)
    await claims.add("rival")
    assert (await claims.verify("rival")).status is FAILED
    assert await claims.site_at() == acme.site_id
    assert await claims.shown("acme") == DomainView.of(held)


async def test_a_domain_moves_when_its_owner_says_so_in_dns(world: World, claims: Claims) -> None:
    _, rival = await two_sites(world)
    held = await claims.verified("acme")
    await claims.set_primary("acme")
    claims.publish(await claims.add("rival"))
    claims.withdraw(held)
    assert (await claims.verify("rival")).status is VERIFIED
    assert await claims.site_at() == rival.site_id
    lost = await claims.shown("acme")
    assert (lost.status, lost.is_primary) == (FAILED, False)
    assert (await claims.verify("acme")).status is FAILED
    assert await claims.site_at() == rival.site_id


async def test_a_deleted_site_gives_its_domains_up(world: World, claims: Claims) -> None:
    _, rival = await two_sites(world)
    await claims.verified("acme")
    async with world.acting() as container:
        await (await container.get(DeleteSite))(slug=world.slug(), confirm=world.slug(), seen=None)
    assert await claims.site_at() is None
    assert await claims.verified_ids() == []
    claims.publish(await claims.add("rival"))
    await claims.verify("rival")
    assert await claims.site_at() == rival.site_id
