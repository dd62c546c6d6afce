from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from application.shared.page import ANY_TIME, FIRST_PAGE, PageRequest, Period
from domain.tenancy.invitation import InvitationStatus
from domain.tenancy.membership import MemberRole


@dataclass(slots=True)
class InvitationView:
    """An invitation as it is shown, without its token. `organization` is a slug, `status` that of now."""

    id: UUID
    organization: str
    email: str
    role: MemberRole
    message: str
    metadata: dict[str, Any]
    status: InvitationStatus
    invited_by: UUID | None
    accepted_by: UUID | None
    expires_at: datetime
    created_at: datetime
    updated_at: datetime
    created_by: UUID | None
    version: int


class InvitationOrder(StrEnum):
    EMAIL = "email"
    EMAIL_DOWN = "-email"
    EXPIRES_AT = "expires_at"
    EXPIRES_AT_DOWN = "-expires_at"
    CREATED_AT = "created_at"
    CREATED_AT_DOWN = "-created_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationQuery:
    """Which invitations, in which order; None filters nothing. `search` looks in address and message."""

    page: PageRequest = FIRST_PAGE
    organization: str | None = None
    status: InvitationStatus | None = None
    search: str | None = None
    created: Period = ANY_TIME
    ordering: InvitationOrder = InvitationOrder.CREATED_AT_DOWN
