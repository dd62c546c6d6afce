"""Sites claiming domains, in the words of the tests."""

from dataclasses import dataclass

from application.tenancy.domains.add_domain import AddDomain
from application.tenancy.domains.ports import DomainReader, SitesInSight
from application.tenancy.domains.remove_domain import RemoveDomain
from application.tenancy.domains.reverify_domain import ReverifyDomain
from application.tenancy.domains.set_primary_domain import SetPrimaryDomain
from application.tenancy.domains.verify_domain import VerifyDomain
from application.tenancy.domains.views import DomainView
from application.tenancy.ports import FollowedSiteDirectory
from domain.shared.caller import Caller, UserId
from domain.tenancy.domain import Domain, DomainId
from domain.tenancy.membership import MemberRole
from domain.tenancy.routing import CustomHost
from domain.tenancy.scope import SiteScope
from domain.tenancy.site import SiteId
from tests.world import OPERATOR, World


@dataclass(frozen=True, slots=True)
class Claims:
    """What one caller does with the domains of a world's sites; sites go by the names they were made with."""

    world: World
    caller: Caller = OPERATOR

    def name(self, domain: str = "www") -> str:
        """A domain that no other test uses."""
        return f"{domain}.{self.world.suffix}.example"

    async def add(self, site: str = "acme", domain: str = "www") -> Domain:
        async with self.world.acting(caller=self.caller) as container:
            return await (await container.get(AddDomain))(slug=self.world.slug(site), domain=self.name(domain))

    async def verify(self, site: str = "acme", domain: str = "www") -> Domain:
        async with self.world.acting(caller=self.caller) as container:
            return await (await container.get(VerifyDomain))(slug=self.world.slug(site), domain=self.name(domain))

    async def reverify(self, domain: Domain) -> Domain | None:
        async with self.world.acting(caller=self.caller) as container:
            return await (await container.get(ReverifyDomain))(domain_id=domain.id)

    async def set_primary(self, site: str = "acme", domain: str = "www") -> Domain:
        async with self.world.acting(caller=self.caller) as container:
            return await (await container.get(SetPrimaryDomain))(slug=self.world.slug(site), domain=self.name(domain))

    async def remove(self, site: str = "acme", domain: str = "www", seen: frozenset[int] | None = None) -> None:
        async with self.world.acting(caller=self.caller) as container:
            remove = await container.get(RemoveDomain)
            await remove(slug=self.world.slug(site), domain=self.name(domain), seen=seen)

    def publish(self, domain: Domain) -> None:
        self.world.dns.records.setdefault(domain.record, set()).add(domain.proof)

    def withdraw(self, domain: Domain) -> None:
        self.world.dns.records[domain.record].discard(domain.proof)

    async def verified(self, site: str = "acme", domain: str = "www") -> Domain:
        """A new one, with its record in DNS."""
        self.publish(await self.add(site, domain))
        return await self.verify(site, domain)

    async def shown(self, site: str = "acme", domain: str = "www") -> DomainView:
        async with self.world.acting() as container:
            seen = await (await container.get(SitesInSight)).find(self.world.slug(site), None)
            assert seen is not None
            reader: DomainReader = await container.get(DomainReader)
            return await reader.get(seen.site_id, self.name(domain))

    async def site_at(self, domain: str = "www") -> SiteId | None:
        """Where requests to a domain go."""
        async with self.world.acting() as container:
            found = await (await container.get(FollowedSiteDirectory)).find(CustomHost(self.name(domain)))
        return found.scope.site_id if found else None

    async def verified_ids(self) -> list[DomainId]:
        """Of this world, in order, found two at a time."""
        found: list[DomainView] = []
        async with self.world.acting() as container:
            reader = await container.get(DomainReader)
            after: DomainId | None = None
            while some := await reader.verified_after(after, 2):
                found += some
                after = DomainId(some[-1].id)
        return [DomainId(one.id) for one in found if self.world.suffix in one.domain]


async def a_member(world: World, username: str, role: MemberRole, *, is_active: bool = True) -> Caller:
    """A user of the platform who is in the world's organization."""
    return await world.member(role, username, is_active=is_active)


def caller_of(user_id: UserId, username: str) -> Caller:
    return Caller(label=username, user_id=user_id, permissions=frozenset())


async def two_sites(world: World) -> tuple[SiteScope, SiteScope]:
    return await world.site("acme"), await world.site("rival")
