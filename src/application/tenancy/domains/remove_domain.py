from dataclasses import dataclass

from application.shared.ports import UnitOfWork
from application.tenancy.domains.ports import DomainRepository
from application.tenancy.site_standing import SiteStanding
from domain.shared.versions import require_version
from domain.tenancy.membership import OrganizationRight


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveDomain:
    """Give a domain up: the site answers there no more within 5 seconds, and anybody may prove control over it."""

    site_standing: SiteStanding
    domains: DomainRepository
    work: UnitOfWork

    async def __call__(self, *, slug: str, domain: str, seen: frozenset[int] | None) -> None:
        async with self.work:
            site = await self.site_standing.require(slug, OrganizationRight.MANAGE_DOMAINS)
            mine = (await self.domains.of_site(site.id)).get(domain)
            require_version(mine.version, seen)
            await self.domains.remove(mine)
