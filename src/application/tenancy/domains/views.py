from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from application.shared.page import ANY_TIME, FIRST_PAGE, PageRequest, Period
from domain.tenancy.domain import Domain, DomainStatus, challenge_of


@dataclass(slots=True)
class DomainVerificationView:
    """The TXT record that proves control over a domain: its name, and the value it must have."""

    record: str
    value: str


@dataclass(slots=True)
class DomainView:
    """A custom domain as it is shown. `domain` is in ASCII (IDNA A-labels).

    `verified_at` is since when it has been verified, `checked_at` when its record was looked for last.
    """

    id: UUID
    domain: str
    is_primary: bool
    status: DomainStatus
    verification: DomainVerificationView
    verified_at: datetime | None
    checked_at: datetime | None
    created_at: datetime
    updated_at: datetime
    created_by: UUID | None
    version: int

    @classmethod
    def of(cls, domain: Domain) -> Self:
        return cls(
            id=domain.id,
            domain=domain.domain,
            is_primary=domain.is_primary,
            status=domain.status,
            verification=verification_of(domain.domain, domain.proof),
            verified_at=domain.verified_at,
            checked_at=domain.checked_at,
            created_at=domain.created_at,
            updated_at=domain.updated_at,
            created_by=domain.created_by,
            version=domain.version,
        )


def verification_of(domain: str, proof: str) -> DomainVerificationView:
    return DomainVerificationView(challenge_of(domain), proof)


class DomainOrder(StrEnum):
    DOMAIN = "domain"
    DOMAIN_DOWN = "-domain"
    STATUS = "status"
    STATUS_DOWN = "-status"
    CREATED_AT = "created_at"
    CREATED_AT_DOWN = "-created_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainQuery:
    """Which domains of a site, in which order; None filters nothing. `search` looks in the name."""

    page: PageRequest = FIRST_PAGE
    search: str | None = None
    status: DomainStatus | None = None
    is_primary: bool | None = None
    created: Period = ANY_TIME
    ordering: DomainOrder = DomainOrder.DOMAIN
