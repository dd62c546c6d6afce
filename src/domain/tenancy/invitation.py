from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest
from typing import Any, Final, NewType, Self
from uuid import UUID

from domain.shared.caller import UserId
from domain.shared.checks import Checks
from domain.shared.documents import check_document
from domain.shared.errors import ConflictError, ForbiddenError, NotFoundError, RuleBrokenError
from domain.tenancy.membership import MemberRole
from domain.tenancy.organization import OrganizationId

InvitationId = NewType("InvitationId", UUID)

LIFETIME: Final = timedelta(days=7)
PAUSE: Final = timedelta(minutes=15)
"""Between two mails of one invitation."""
LATELY: Final = timedelta(hours=1)
_MOST_AT_LEAST: Final = 20
LONGEST_MESSAGE: Final = 2000
LONGEST_METADATA: Final = 4096


class InvitationNotFoundError(NotFoundError):
    """There is none, it is not for this caller, or the token does not open it (any more): nobody learns which."""

    code = "invitation_not_found"

    def __init__(self) -> None:
        super().__init__("there is no such invitation, or it is not open any more")


class InvitationPendingError(ConflictError):
    """The organization waits for the answer of this address already."""

    code = "invitation_pending"


class InvitationEndedError(RuleBrokenError):
    code = "invitation_ended"


class InvitationSentLatelyError(RuleBrokenError):
    code = "invitation_sent_lately"


class TooManyInvitationsError(RuleBrokenError):
    """Mails go to people who never asked for any: an organization and a person send so many, and no more."""

    code = "too_many_invitations"


class NotInvitedError(ForbiddenError):
    """The token is good, but the invitation is bound to another address than the caller's."""

    code = "not_invited"


class InvitationStatus(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Asks whoever reads the mail of an address into an organization.

    `token_hash` is the SHA-256 of what stands in the mail. `status` is what was decided; once its time is over,
    a pending one is expired, whether anybody wrote that down or not (see `status_at`).
    """

    id: InvitationId
    organization_id: OrganizationId
    email: str
    role: MemberRole
    token_hash: bytes = field(repr=False)
    invited_by: UserId | None
    expires_at: datetime
    created_at: datetime
    updated_at: datetime
    created_by: UserId | None
    message: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    status: InvitationStatus = InvitationStatus.PENDING
    accepted_by: UserId | None = None
    ended_at: datetime | None = None
    version: int = 1

    def __post_init__(self) -> None:
        checks = Checks()
        checks.email("email", self.email)
        checks.prose("message", self.message, longest=LONGEST_MESSAGE)
        check_document(checks, "metadata", self.metadata, longest=LONGEST_METADATA)
        checks.done()

    @property
    def sent_at(self) -> datetime:
        """When its newest mail was sent."""
        return self.expires_at - LIFETIME

    def status_at(self, at: datetime) -> InvitationStatus:
        is_over = self.status is InvitationStatus.PENDING and self.expires_at <= at
        return InvitationStatus.EXPIRED if is_over else self.status

    def require_open(self, token_hash: bytes, *, at: datetime) -> None:
        """Raise `InvitationNotFoundError` unless the token is the newest one and can still be used."""
        is_good = compare_digest(self.token_hash, token_hash)
        if not is_good or self.status_at(at) is not InvitationStatus.PENDING:
            raise InvitationNotFoundError

    def accept(self, by: UserId, *, at: datetime) -> Self:
        return replace(self._end(InvitationStatus.ACCEPTED, at=at), accepted_by=by)

    def decline(self, *, at: datetime) -> Self:
        return self._end(InvitationStatus.DECLINED, at=at)

    def revoke(self, *, at: datetime) -> Self:
        return self._end(InvitationStatus.REVOKED, at=at)

    def expire(self, *, at: datetime) -> Self:
        """Write down that its time is over."""
        if self.status_at(at) is not InvitationStatus.EXPIRED:
            raise InvitationPendingError(
                f"{self.email} has an invitation that is open until {self.expires_at:%F %T} UTC"
            )
        return self._written(InvitationStatus.EXPIRED, at=at)

    def resend(self, token_hash: bytes, *, at: datetime) -> Self:
        """Open it for seven days from now, to another token. One that expired can be opened again, too."""
        if self.status_at(at) not in (InvitationStatus.PENDING, InvitationStatus.EXPIRED):
            raise InvitationEndedError(f"this invitation is {self.status}: make a new one")
        if at < self.sent_at + PAUSE:
            raise InvitationSentLatelyError(
                f"its last mail is of {self.sent_at:%T} UTC: wait {PAUSE.seconds // 60} minutes"
            )
        opened = self._written(InvitationStatus.PENDING, at=at)
        return replace(opened, token_hash=token_hash, expires_at=at + LIFETIME, ended_at=None)

    def _end(self, status: InvitationStatus, *, at: datetime) -> Self:
        if self.status_at(at) is not InvitationStatus.PENDING:
            raise InvitationEndedError(f"this invitation is {self.status_at(at)} already")
        return self._written(status, at=at)

    def _written(self, status: InvitationStatus, *, at: datetime) -> Self:
        return replace(self, status=status, ended_at=at, updated_at=at, version=self.version + 1)


def require_place_for_invitation(others: int, *, members: int) -> None:
    """Raise `TooManyInvitationsError` if there are as many others as there may be.

    They are those that are open or were sent lately; `members` is how many the plan allows, and a small plan may have
    more invitations than that: not everybody comes.
    """
    most = max(members, _MOST_AT_LEAST)
    if others >= most:
        raise TooManyInvitationsError(f"{most} invitations are open or were sent within the hour: wait, or revoke some")
