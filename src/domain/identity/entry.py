"""Coming from the platform into a site."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.shared.caller import SessionId, UserId
from domain.shared.errors import ForbiddenError, InvalidError


class NotAMemberError(ForbiddenError):
    """Whoever asks has no business in this site; why not, they do not learn."""

    code = "not_a_member"


class UnknownUserError(InvalidError):
    """A request names a user to act as whom the site does not have, or has no more."""

    def __init__(self) -> None:
        super().__init__({"user": ["is not an active user of this site"]})


class EntryRole(StrEnum):
    """As what somebody is in a site: as its admin, or with what the site itself gives them."""

    ADMIN = "admin"
    USER = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """What of a session in a site is for the platform to judge.

    `linked` is whom of the platform its user is, `impersonator` who of the platform acts as them, and
    `platform_session` the session of either, whoever it was that came in, at `entered_at`.
    """

    linked: UserId | None
    impersonator: UserId | None
    platform_session: SessionId | None
    entered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A user of the platform as one site sees them, at this moment.

    `is_admin`: of the platform. `administers`: as owner of the site's organization. `rights_since`: when a member
    of it last got rights that they did not have. `granted_at`: when a member was given access to the site.
    """

    id: UserId
    username: str
    email: str
    first_name: str
    last_name: str
    is_active: bool
    is_admin: bool
    administers: bool
    rights_since: datetime | None = None
    granted_at: datetime | None = None

    @property
    def role(self) -> EntryRole | None:
        """What membership makes of them here; None: nothing."""
        if not self.is_active:
            return None
        if self.administers:
            return EntryRole.ADMIN
        return EntryRole.USER if self.granted_at else None

    def role_of(self, entered_at: datetime) -> EntryRole | None:
        """What membership makes of a session: one opened before they got what they have now stays what it became."""
        if self.rights_since is None or entered_at < self.rights_since:
            return None
        if not self.administers and self.granted_at is not None and entered_at < self.granted_at:
            return None
        return self.role

    @property
    def may_impersonate(self) -> bool:
        return self.is_active and self.is_admin
