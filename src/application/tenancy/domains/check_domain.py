from dataclasses import dataclass

from application.tenancy.ports import SiteDirectory
from domain.tenancy.domain import BaseDomains, DomainNotFoundError
from domain.tenancy.routing import PlatformHost, destination


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckDomain:
    """Whether something of ours answers at a host, so that a certificate for it is worth asking for.

    That is so for the platform's hosts, for the own host and the verified domains of a site that is open, and for
    the old host of a renamed one: a browser follows where it leads once it trusts who says so.
    Who may ask is the entrypoint's to say.
    """

    directory: SiteDirectory
    base_domains: BaseDomains

    async def __call__(self, *, host: str) -> None:
        """`host` is in lower-case ASCII. Raise `DomainNotFoundError` if nothing answers there."""
        target = destination(host, self.base_domains.names)
        if isinstance(target, PlatformHost):
            return
        found = await self.directory.find(target) if target else None
        if found is None or not (found.is_open or found.has_moved):
            raise DomainNotFoundError("nothing answers at this host")
