"""Custom domains: hosts of a customer's own at which a site answers once control over them is proved."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType, Self
from uuid import UUID

from domain.shared.caller import UserId
from domain.shared.checks import Checks
from domain.shared.errors import ConflictError, InvalidError, NotFoundError, RuleBrokenError, UnavailableError
from domain.tenancy.routing import is_host_name
from domain.tenancy.site import SiteId

DomainId = NewType("DomainId", UUID)

MOST_DOMAINS: Final = 20
"""How many a site may have."""
_CHALLENGE: Final = "_taruvi-challenge."
_LONGEST: Final = 253 - len(_CHALLENGE)
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
"""What browsers take for the end of an IP address."""


class DomainNotFoundError(NotFoundError):
    code = "domain_not_found"


class DomainExistsError(ConflictError):
    """The site has this domain already."""

    code = "domain_exists"


class DomainTakenError(ConflictError):
    """It is verified for another site. Nobody is told for which."""

    code = "domain_taken"


class DomainNotVerifiedError(RuleBrokenError):
    code = "domain_not_verified"


class TooManyDomainsError(RuleBrokenError):
    code = "too_many_domains"


class DnsUnavailableError(UnavailableError):
    """DNS gave no answer, so nothing is known: neither that a record is there nor that it is not."""

    code = "dns_unavailable"


class DomainStatus(StrEnum):
    """`pending` until its TXT record was seen; `failed` when it was looked for and was not there."""

    PENDING = "pending"
    VERIFIED = "verified"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class BaseDomains:
    """The platform's own: they and all that is below them are nobody else's."""

    names: tuple[str, ...]

    def have(self, domain: str) -> bool:
        return any(domain == name or domain.endswith(f".{name}") for name in self.names)


def checked_domain(domain: str, base: BaseDomains) -> str:
    """The same, if a site may have it: a host name in lower-case ASCII that is not the platform's.

    Raise `InvalidError` otherwise.
    """
    checks = Checks()
    is_name = is_host_name(domain) and not _NUMBER.fullmatch(domain.rpartition(".")[2])
    checks.require("domain", "must be a host name of letters, digits and inner hyphens, no address", holds=is_name)
    if is_name:
        checks.require("domain", "must have a dot in it", holds="." in domain)
        too_long = f"may have at most {_LONGEST} characters: the name of its TXT record is longer"
        checks.require("domain", too_long, holds=len(domain) <= _LONGEST)
        checks.require("domain", "belongs to the platform", holds=not base.have(domain))
    checks.done()
    return domain


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A host name that a site claims. `proof` is what its TXT record must say, known to this site alone.

    `verified_at` is since when the proof has been there, `checked_at` when it was looked for last.
    """

    id: DomainId
    site_id: SiteId
    domain: str
    proof: str
    created_at: datetime
    updated_at: datetime
    created_by: UserId | None
    is_primary: bool = False
    status: DomainStatus = DomainStatus.PENDING
    checked_at: datetime | None = None
    verified_at: datetime | None = None
    version: int = 1

    def __post_init__(self) -> None:
        if not is_host_name(self.domain):
            raise InvalidError({"domain": ["is not a host name"]})

    @property
    def record(self) -> str:
        """The name of the TXT record that proves control."""
        return challenge_of(self.domain)

    @property
    def is_verified(self) -> bool:
        return self.status is DomainStatus.VERIFIED

    def is_proved_by(self, found: Collection[str]) -> bool:
        """Whether its proof is among the TXT values of its record."""
        return bool(self.proof) and self.proof in found

    def checked(self, found: Collection[str], *, at: datetime) -> Self:
        """After a look at its record that began at `at`: verified or failed.

        A look that began before the last one says nothing.
        """
        if self.checked_at is not None and at < self.checked_at:
            return self
        proved = self.is_proved_by(found)
        return replace(
            self,
            status=DomainStatus.VERIFIED if proved else DomainStatus.FAILED,
            is_primary=self.is_primary and proved,
            verified_at=(self.verified_at or at) if proved else None,
            checked_at=at,
            updated_at=max(at, self.updated_at),
            version=self.version + 1,
        )

    def become_primary(self, *, at: datetime) -> Self:
        if not self.is_verified:
            raise DomainNotVerifiedError(f"{self.domain} is not verified, so nothing can be reached there")
        return replace(self, is_primary=True, updated_at=at, version=self.version + 1)

    def step_down(self, *, at: datetime) -> Self:
        """No longer be the primary one."""
        return replace(self, is_primary=False, updated_at=at, version=self.version + 1)


@dataclass(frozen=True, slots=True)
class SiteDomains:
    """All domains of one site."""

    all: Sequence[Domain]

    def get(self, domain: str) -> Domain:
        """Raise `DomainNotFoundError` if the site has none of this name."""
        for one in self.all:
            if one.domain == domain:
                return one
        raise DomainNotFoundError(f"this site has no domain {domain!r}")

    @property
    def primary(self) -> Domain | None:
        return next((one for one in self.all if one.is_primary), None)

    def require_place_for(self, domain: str) -> None:
        """Raise `DomainExistsError` or `TooManyDomainsError`."""
        if any(one.domain == domain for one in self.all):
            raise DomainExistsError(f"this site has the domain {domain} already")
        if len(self.all) >= MOST_DOMAINS:
            raise TooManyDomainsError(f"a site may have {MOST_DOMAINS} domains, and this one does")


def challenge_of(domain: str) -> str:
    """The name of the TXT record that proves control over a domain."""
    return f"{_CHALLENGE}{domain}"
