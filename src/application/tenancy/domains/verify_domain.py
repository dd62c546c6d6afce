from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from application.shared.ports import Clock, UnitOfWork
from application.tenancy.domains.ports import DomainProofs, DomainRepository
from application.tenancy.site_standing import SiteStanding
from domain.tenancy.domain import Domain, DomainNotFoundError
from domain.tenancy.membership import OrganizationRight


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyDomain:
    """Look for a domain's TXT record now: with its proof there the domain becomes verified, without it failed.

    Where another site holds the domain, that one keeps it as long as its own proof is there too (`DomainTakenError`,
    and nothing changes); if it is gone, the holder's domain fails and the newcomer gets it.
    DNS is asked outside of any transaction, and what is decided is decided on fresh state. Safe to repeat.
    """

    site_standing: SiteStanding
    domains: DomainRepository
    proofs: DomainProofs
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, slug: str, domain: str) -> Domain:
        """Raise `DnsUnavailableError` if DNS gives no answer; then nothing changes."""
        at = self.clock()
        async with self.work:
            asked = await self._mine(slug, domain)
        found = await self.proofs.find(asked.record)
        if asked.is_proved_by(found):
            await self._release(asked, found, at)
        async with self.work:
            mine = await self._mine(slug, domain)
            if mine.id != asked.id:
                raise DomainNotFoundError(f"the domain {domain!r} was removed meanwhile")
            checked = mine.checked(found, at=at)
            await self.domains.save(checked)
        return checked

    async def _mine(self, slug: str, domain: str) -> Domain:
        site = await self.site_standing.require(slug, OrganizationRight.MANAGE_DOMAINS)
        return (await self.domains.of_site(site.id)).get(domain)

    async def _release(self, asked: Domain, found: Collection[str], at: datetime) -> None:
        """Take it from another site whose proof is gone. In a transaction of its own: no two sites are locked at once.

        A crash after it leaves the domain with nobody, which is what its record says, too.
        """
        async with self.work:
            holder = await self.domains.find_holder(asked.domain)
            if holder and holder.site_id != asked.site_id and not holder.is_proved_by(found):
                await self.domains.save(holder.checked(found, at=at))
