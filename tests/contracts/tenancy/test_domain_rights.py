"""Who sees and who manages the domains of a site."""

import pytest

from application.tenancy.domains.read_domains import ListDomains, ShowDomain
from application.tenancy.domains.views import DomainOrder, DomainQuery
from domain.shared.caller import Caller, NotPermittedError
from domain.tenancy.domain import (
    DomainStatus,
)
from domain.tenancy.membership import MemberRole
from domain.tenancy.site import SiteNotFoundError
from tests.contracts.tenancy.claims import Claims, a_member, caller_of, two_sites
from tests.world import PLATFORM, World


@pytest.fixture
def claims(world: World) -> Claims:
    return Claims(world)


async def listed(world: World, caller: Caller, query: DomainQuery, site: str = "acme") -> tuple[int, list[str]]:
    async with world.acting(caller=caller) as container:
        page = await (await container.get(ListDomains))(slug=world.slug(site), query=query)
    return page.count, [one.domain.partition(".")[0] for one in page.results]


async def test_lists_the_domains_of_one_site(world: World, claims: Claims) -> None:
    await two_sites(world)
    await claims.verified("acme", "z")
    await claims.add("acme", "x-y")
    await claims.verified("acme", "y")
    await claims.set_primary("acme", "y")
    await claims.add("rival", "x")
    expected: list[tuple[DomainQuery, list[str]]] = [
        (DomainQuery(), ["x-y", "y", "z"]),
        (DomainQuery(ordering=DomainOrder.DOMAIN_DOWN), ["z", "y", "x-y"]),
        (DomainQuery(ordering=DomainOrder.CREATED_AT), ["z", "x-y", "y"]),
        (DomainQuery(status=DomainStatus.VERIFIED), ["y", "z"]),
        (DomainQuery(is_primary=True), ["y"]),
        (DomainQuery(is_primary=False), ["x-y", "z"]),
        (DomainQuery(search="Y."), ["x-y", "y"]),
        (DomainQuery(search="%"), []),
    ]
    for query, names in expected:
        assert await listed(world, claims.caller, query) == (len(names), names)


async def test_members_see_and_owners_manage(world: World) -> None:
    await world.site()
    owner = Claims(world, await a_member(world, "owner", MemberRole.OWNER))
    member = Claims(world, await a_member(world, "member", MemberRole.MEMBER))
    domain = await owner.verified()
    await owner.set_primary()

    assert domain.created_by == owner.caller.user_id
    assert await listed(world, member.caller, DomainQuery()) == (1, ["www"])
    for forbidden in (member.add, member.verify, member.set_primary, member.remove):
        with pytest.raises(NotPermittedError):
            await forbidden()
    with pytest.raises(NotPermittedError):
        await owner.reverify(domain)
    await owner.remove()


async def test_to_strangers_there_is_no_such_site(world: World, claims: Claims) -> None:
    await world.site()
    await claims.add()
    stranger = await world.user(PLATFORM, f"stranger-{world.suffix}")
    former = await a_member(world, "former", MemberRole.OWNER, is_active=False)
    said = set()
    for caller in (caller_of(stranger.id, "stranger"), former):
        nobody = Claims(world, caller)
        for forbidden in (nobody.add, nobody.verify, nobody.set_primary, nobody.remove):
            for site in ("acme", "absent"):
                with pytest.raises(SiteNotFoundError) as refused:
                    await forbidden(site)
                said.add(str(refused.value).replace(world.slug(site), "SITE"))
        for site in ("acme", "absent"):
            with pytest.raises(SiteNotFoundError) as refused:
                await listed(world, caller, DomainQuery(), site)
            said.add(str(refused.value).replace(world.slug(site), "SITE"))
            async with world.acting(caller=caller) as container:
                with pytest.raises(SiteNotFoundError):
                    await (await container.get(ShowDomain))(slug=world.slug(site), domain=nobody.name())
    assert len(said) == 1
