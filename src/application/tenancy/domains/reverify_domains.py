from dataclasses import dataclass
from typing import Final

from application.shared.jobs import Progress
from application.tenancy.domains.ports import DomainReader
from application.tenancy.domains.recheck import DomainRecheck
from domain.tenancy.domain import DnsUnavailableError, DomainId

_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverified:
    """`unknown`: DNS gave no answer about so many, and they stay as they are."""

    verified: int = 0
    failed: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReverifyDomains:
    """Look again for the TXT record of every verified domain; one whose record is gone ends. Safe to repeat."""

    reader: DomainReader
    recheck: DomainRecheck
    progress: Progress

    async def __call__(self) -> Reverified:
        counts = {"verified": 0, "failed": 0, "unknown": 0}
        after: DomainId | None = None
        while some := await self.reader.verified_after(after, _AT_ONCE):
            for one in some:
                self.progress(sum(counts.values()), note=one.domain)
                if (name := await self._checked(DomainId(one.id))) is not None:
                    counts[name] += 1
            after = DomainId(some[-1].id)
        return Reverified(**counts)

    async def _checked(self, domain_id: DomainId) -> str | None:
        """What became of it; None: it was given up meanwhile."""
        try:
            domain = await self.recheck(domain_id)
        except DnsUnavailableError:
            return "unknown"
        if domain is None:
            return None
        return "verified" if domain.is_verified else "failed"
