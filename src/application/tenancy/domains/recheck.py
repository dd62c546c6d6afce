from dataclasses import dataclass

from application.shared.ports import Clock, UnitOfWork
from application.tenancy.domains.ports import DomainProofs, DomainRepository
from domain.tenancy.domain import Domain, DomainId


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainRecheck:
    """Looks whether a verified domain still has its TXT record; without it, it fails and leads nowhere any more."""

    domains: DomainRepository
    proofs: DomainProofs
    work: UnitOfWork
    clock: Clock

    async def __call__(self, domain_id: DomainId) -> Domain | None:
        """The domain as it is now; None if there is none any more. Raise `DnsUnavailableError`: it stays as it is."""
        at = self.clock()
        async with self.work:
            asked = await self.domains.find(domain_id)
        if asked is None or not asked.is_verified:
            return asked
        found = await self.proofs.find(asked.record)
        async with self.work:
            domain = await self.domains.find(domain_id)
            if domain and domain.is_verified:
                domain = domain.checked(found, at=at)
                await self.domains.save(domain)
        return domain
