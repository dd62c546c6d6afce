"""Coming from the platform into a site."""

from dataclasses import dataclass
from enum import StrEnum

from domain.shared.caller import UserId
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
class Visitor:
    """A user of the platform as one site sees them, at this moment.

    `is_admin`: of the platform. `administers`: as owner of the site's organization. `granted`: as a member
    of it who was given access to the site.
    """

    id: UserId
    username: str
    email: str
    first_name: str
    last_name: str
    is_active: bool
    is_admin: bool
    administers: bool
    granted: bool

    @property
    def role(self) -> EntryRole | None:
        """What membership makes of them here; None: nothing."""
        if not self.is_active:
            return None
        if self.administers:
            return EntryRole.ADMIN
        return EntryRole.USER if self.granted else None

    @property
    def may_impersonate(self) -> bool:
        return self.is_active and self.is_admin
