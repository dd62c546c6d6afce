from dataclasses import dataclass

from application.shared.ports import Clock, UnitOfWork
from application.tenancy.domains.ports import DomainRepository
from application.tenancy.site_standing import SiteStanding
from domain.tenancy.domain import Domain
from domain.tenancy.membership import OrganizationRight


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPrimaryDomain:
    """Make a verified domain the one that the site's address shows; the one before steps down. Safe to repeat."""

    site_standing: SiteStanding
    domains: DomainRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, slug: str, domain: str) -> Domain:
        now = self.clock()
        async with self.work:
            site = await self.site_standing.require(slug, OrganizationRight.MANAGE_DOMAINS)
            domains = await self.domains.of_site(site.id)
            chosen = domains.get(domain)
            if chosen.is_primary:
                return chosen
            primary = chosen.become_primary(at=now)
            if domains.primary:
                await self.domains.save(domains.primary.step_down(at=now))
            await self.domains.save(primary)
        return primary
