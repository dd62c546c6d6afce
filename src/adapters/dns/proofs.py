from collections.abc import Sequence
from typing import Final

import dns.exception
import dns.name
from dns.asyncresolver import Resolver
from dns.nameserver import Do53Nameserver
from dns.rdatatype import TXT
from dns.rdtypes.txtbase import TXTBase
from dns.resolver import NXDOMAIN

from application.tenancy.domains.ports import DomainProofs
from domain.tenancy.domain import DnsUnavailableError

TRY_SECONDS: Final = 2.0
"""How long one resolver may take for one answer."""
LONGEST_SECONDS: Final = 6.0
"""How long it may take in all, whatever is tried again and at which resolver."""


class DnsDomainProofs(DomainProofs):
    """Asks recursive resolvers: those given, as address and port, or else the system's, read anew each time.

    Only what a resolver says counts: no such name, or no TXT record, is an answer; a failure of its own
    (SERVFAIL, REFUSED) is none, as is silence.
    """

    def __init__(
        self,
        resolvers: Sequence[tuple[str, int]] = (),
        *,
        try_seconds: float = TRY_SECONDS,
        longest_seconds: float = LONGEST_SECONDS,
    ) -> None:
        self._resolvers = resolvers
        self._try_seconds = try_seconds
        self._longest_seconds = longest_seconds

    async def find(self, record: str) -> frozenset[str]:
        try:
            answer = await self._resolver().resolve(
                dns.name.from_text(record), TXT, raise_on_no_answer=False, search=False
            )
        except NXDOMAIN:
            return frozenset()
        except (dns.exception.DNSException, OSError) as error:
            raise DnsUnavailableError(f"DNS gives no answer about {record}; try again", retry_after=5) from error
        return frozenset(_text(rdata) for rdata in answer.rrset or () if isinstance(rdata, TXTBase))

    def _resolver(self) -> Resolver:
        resolver = Resolver(configure=not self._resolvers)
        if self._resolvers:
            resolver.nameservers = [Do53Nameserver(address, port) for address, port in self._resolvers]
        resolver.timeout, resolver.lifetime = self._try_seconds, self._longest_seconds
        return resolver


def _text(rdata: TXTBase) -> str:
    """One TXT record is one value, however many strings it was cut into (255 bytes each at most)."""
    return b"".join(rdata.strings).decode("utf-8", "replace")
