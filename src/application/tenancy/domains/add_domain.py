from dataclasses import dataclass

from application.shared.ports import Clock, NewId, UnitOfWork
from application.tenancy.domains.ports import DomainRepository, NewProof
from application.tenancy.site_standing import SiteStanding
from domain.tenancy.domain import BaseDomains, Domain, DomainId, checked_domain
from domain.tenancy.membership import OrganizationRight


@dataclass(frozen=True, slots=True, kw_only=True)
class AddDomain:
    """Claim a domain for a site: pending, until the TXT record with its proof is seen.

    For those who manage the organization's domains. Any site may claim any domain, also one that another site
    holds: a claim alone gives nothing, and takes nothing from anybody.
    """

    site_standing: SiteStanding
    domains: DomainRepository
    work: UnitOfWork
    clock: Clock
    new_id: NewId
    new_proof: NewProof
    base_domains: BaseDomains

    async def __call__(self, *, slug: str, domain: str) -> Domain:
        """`domain` is in lower-case ASCII (IDNA A-labels)."""
        now = self.clock()
        async with self.work:
            site = await self.site_standing.require(slug, OrganizationRight.MANAGE_DOMAINS)
            (await self.domains.of_site(site.id)).require_place_for(checked_domain(domain, self.base_domains))
            claimed = Domain(
                id=DomainId(self.new_id()),
                site_id=site.id,
                domain=domain,
                proof=self.new_proof(),
                created_at=now,
                updated_at=now,
                created_by=self.site_standing.standing.caller.user_id,
            )
            await self.domains.add(claimed)
        return claimed
