from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from application.shared.page import Page
from application.tenancy.domains.views import DomainQuery, DomainView
from domain.shared.caller import UserId
from domain.tenancy.domain import Domain, DomainId, SiteDomains
from domain.tenancy.organization import OrganizationId
from domain.tenancy.site import SiteId


@dataclass(frozen=True, slots=True)
class SiteInSight:
    """A site that somebody may know of."""

    site_id: SiteId
    organization_id: OrganizationId


class SitesInSight(Protocol):
    """Which sites there are, without locking anything."""

    async def find(self, slug: str, viewer: UserId | None) -> SiteInSight | None:
        """The site of this slug, if the viewer may view its organization (None: whoever may view all)."""
        ...


class DomainRepository(Protocol):
    """The custom domains of sites. Whoever changes one holds the lock on its site."""

    async def of_site(self, site_id: SiteId) -> SiteDomains:
        """All of them. To decide by it, lock the site first."""
        ...

    async def find(self, domain_id: DomainId) -> Domain | None:
        """Lock its site until the transaction ends."""
        ...

    async def find_holder(self, domain: str) -> Domain | None:
        """The one that is verified, whichever site has it. Lock that site until the transaction ends."""
        ...

    async def add(self, domain: Domain) -> None: ...

    async def save(self, domain: Domain) -> None:
        """Raise `DomainTakenError` if it is verified and another site's is too."""
        ...

    async def remove(self, domain: Domain) -> None:
        """Safe to repeat."""
        ...


class DomainReader(Protocol):
    async def page(self, site_id: SiteId, query: DomainQuery) -> Page[DomainView]: ...

    async def get(self, site_id: SiteId, domain: str) -> DomainView:
        """Raise `DomainNotFoundError` if the site has none of this name."""
        ...

    async def verified_after(self, domain_id: DomainId | None, limit: int) -> Sequence[DomainView]:
        """Of all sites' verified domains those whose ids come next (None: first), in the order of their ids."""
        ...


class DomainProofs(Protocol):
    async def find(self, record: str) -> frozenset[str]:
        """The values of all TXT records of a name; empty if it certainly has none.

        Raise `DnsUnavailableError` if DNS gives no answer.
        """
        ...


class NewProof(Protocol):
    def __call__(self) -> str:
        """The value of a TXT record that nobody can guess: 256 random bits."""
        ...
