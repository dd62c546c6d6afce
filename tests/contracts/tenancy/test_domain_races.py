"""What happens between two steps: another caller, another process, a change in DNS."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from application.shared.ports import UnitOfWork
from application.tenancy.domains.ports import DomainProofs, DomainRepository
from application.tenancy.domains.recheck import DomainRecheck
from application.tenancy.domains.verify_domain import VerifyDomain
from application.tenancy.domains.views import DomainView
from application.tenancy.ports import MemberRepository, OrganizationRepository
from domain.tenancy.domain import (
    MOST_DOMAINS,
    Domain,
    DomainNotFoundError,
    DomainStatus,
    DomainTakenError,
    TooManyDomainsError,
)
from domain.tenancy.membership import MemberRole
from domain.tenancy.site import SiteNotFoundError
from tests.contracts.tenancy.claims import Claims, a_member, two_sites
from tests.world import OPERATOR, World


@pytest.fixture
def claims(world: World) -> Claims:
    return Claims(world)


@dataclass(frozen=True, slots=True)
class Meanwhile(DomainProofs):
    """DNS that takes its time: when its answer arrives, something else has happened."""

    answer: frozenset[str]
    happen: Callable[[], Awaitable[object]]

    async def find(self, record: str) -> frozenset[str]:
        await self.happen()
        return self.answer


async def verify_while(claims: Claims, site: str, dns: Meanwhile) -> Domain:
    async with claims.world.acting(caller=claims.caller) as container:
        verify = replace(await container.get(VerifyDomain), proofs=dns)
        return await verify(slug=claims.world.slug(site), domain=claims.name())


async def test_a_domain_removed_meanwhile_is_not_verified(world: World, claims: Claims) -> None:
    await world.site()
    domain = await claims.add()
    with pytest.raises(DomainNotFoundError):
        await verify_while(claims, "acme", Meanwhile(frozenset({domain.proof}), claims.remove))
    assert await claims.site_at() is None


async def test_a_domain_claimed_anew_meanwhile_is_not_judged_by_an_old_answer(world: World, claims: Claims) -> None:
    await world.site()
    domain = await claims.add()

    async def claim_anew() -> None:
        await claims.remove()
        await claims.add()

    with pytest.raises(DomainNotFoundError):
        await verify_while(claims, "acme", Meanwhile(frozenset({domain.proof}), claim_anew))
    assert (await claims.shown()).status is DomainStatus.PENDING


async def test_who_lost_the_right_meanwhile_changes_nothing(world: World) -> None:
    await world.site()
    owner = Claims(world, await a_member(world, "owner", MemberRole.OWNER))
    domain = await owner.add()

    async def lose() -> None:
        async with world.acting() as container:
            members = await container.get(MemberRepository)
            async with await container.get(UnitOfWork):
                organization = await (await container.get(OrganizationRepository)).get(world.organization)
                member = await members.find(organization.id, owner.caller.require_user())
                assert member is not None
                await members.remove(member)

    with pytest.raises(SiteNotFoundError):
        await verify_while(owner, "acme", Meanwhile(frozenset({domain.proof}), lose))
    assert await owner.shown() == DomainView.of(domain)


async def test_a_holder_that_was_verified_meanwhile_is_not_judged_by_an_old_answer(
    world: World, claims: Claims
) -> None:
    acme, _ = await two_sites(world)
    held = await claims.verified("acme")
    newcomer = await claims.add("rival")
    dns = Meanwhile(frozenset({newcomer.proof}), lambda: claims.reverify(held))
    with pytest.raises(DomainTakenError):
        await verify_while(claims, "rival", dns)
    assert await claims.site_at() == acme.site_id


async def test_a_domain_removed_meanwhile_is_not_reverified(world: World, claims: Claims) -> None:
    await world.site()
    domain = await claims.verified()
    async with world.acting() as container:
        recheck = replace(await container.get(DomainRecheck), proofs=Meanwhile(frozenset(), claims.remove))
        assert await recheck(domain.id) is None


async def test_a_crash_after_the_holder_lost_it_leaves_the_domain_to_be_verified(world: World, claims: Claims) -> None:
    """The first half of a move is a transaction of its own."""
    _, rival = await two_sites(world)
    held = await claims.verified("acme")
    claims.withdraw(held)
    claims.publish(await claims.add("rival"))
    async with world.acting() as container:
        domains = await container.get(DomainRepository)
        async with await container.get(UnitOfWork):
            holder = await domains.find_holder(claims.name())
            assert holder is not None
            await domains.save(holder.checked(set(), at=world.clock()))
    assert await claims.site_at() is None
    await claims.verify("rival")
    assert await claims.site_at() == rival.site_id


async def outcomes(*steps: Awaitable[object]) -> Counter[type]:
    return Counter(type(outcome) for outcome in await asyncio.gather(*steps, return_exceptions=True))


async def test_of_two_sites_that_prove_it_at_once_one_gets_it(world: World, claims: Claims) -> None:
    sites = await two_sites(world)
    for site in ("acme", "rival"):
        claims.publish(await claims.add(site))
    assert await outcomes(claims.verify("acme"), claims.verify("rival")) == {Domain: 1, DomainTakenError: 1}
    assert await claims.site_at() in {site.site_id for site in sites}


async def test_of_two_that_want_the_last_place_one_gets_it(world: World, claims: Claims) -> None:
    await world.site()
    for number in range(MOST_DOMAINS - 1):
        await claims.add(domain=str(number))
    both = await outcomes(claims.add(domain="x"), claims.add(domain="y"))
    assert both == {Domain: 1, TooManyDomainsError: 1}


async def test_of_two_that_become_primary_at_once_one_is(world: World, claims: Claims) -> None:
    await world.site()
    for name in ("a", "b", "c"):
        await claims.verified(domain=name)
    await claims.set_primary(domain="c")
    assert await outcomes(claims.set_primary(domain="a"), claims.set_primary(domain="b")) == {Domain: 2}
    assert sum([(await claims.shown(domain=name)).is_primary for name in ("a", "b", "c")]) == 1


async def test_steps_on_two_sites_at_once_never_stand_in_each_others_way(world: World, claims: Claims) -> None:
    """A domain that moves touches two sites; whoever works on either meanwhile must not end in a deadlock."""
    await two_sites(world)
    allowed = {Domain, DomainTakenError}
    first, second = await claims.verified("acme"), await claims.add("rival")
    claims.publish(second)
    for held, holder, other in [(first, "acme", "rival"), (second, "rival", "acme")] * 3:
        claims.withdraw(held)
        steps = [claims.verify(other), claims.verify(holder), claims.reverify(held), claims.verify(other)]
        assert set(await outcomes(*steps)) <= allowed
        claims.publish(held)
        assert (await claims.verify(other)).is_verified


async def test_no_transaction_is_open_while_dns_is_asked(world: World, claims: Claims) -> None:
    """Someone else can change the very same domain and site meanwhile."""
    await world.site()
    domain = await claims.verified()

    async def change() -> None:
        async with asyncio.timeout(5):
            await claims.set_primary()

    checked = await verify_while(claims, "acme", Meanwhile(frozenset({domain.proof}), change))
    assert (checked.is_primary, claims.caller) == (True, OPERATOR)
