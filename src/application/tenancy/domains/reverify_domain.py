from collections.abc import Sequence
from dataclasses import dataclass

from application.tenancy.domains.ports import DomainReader
from application.tenancy.domains.recheck import DomainRecheck
from application.tenancy.domains.views import DomainView
from domain.shared.caller import Caller, Permission
from domain.tenancy.domain import Domain, DomainId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverifyDomain:
    """Look whether a verified domain still has its TXT record; without it, it fails and leads nowhere any more.

    For the platform itself. What is not verified, or not there, stays as it is. While DNS gives no answer
    (`DnsUnavailableError`) the domain stays verified. Safe to repeat.
    """

    caller: Caller
    recheck: DomainRecheck

    async def __call__(self, *, domain_id: DomainId) -> Domain | None:
        """The domain as it is now; None if there is none any more."""
        self.caller.require(Permission.SITES_MANAGE)
        return await self.recheck(domain_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListVerifiedDomains:
    """The verified domains of all sites, some at a time: for whoever verifies them again. For the platform itself."""

    caller: Caller
    reader: DomainReader

    async def __call__(self, *, after: DomainId | None, limit: int) -> Sequence[DomainView]:
        self.caller.require(Permission.SITES_MANAGE)
        return await self.reader.verified_after(after, limit)
