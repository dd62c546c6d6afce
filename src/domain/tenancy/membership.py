"""Who is what in an organization, and what that allows: the one place that says so."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType, Self
from uuid import UUID

from domain.shared.caller import UserId
from domain.shared.changes import UNCHANGED, Unchanged, changed
from domain.shared.checks import Checks
from domain.shared.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError, RuleBrokenError
from domain.tenancy.organization import OrganizationId

MemberId = NewType("MemberId", UUID)


class MemberNotFoundError(NotFoundError):
    code = "member_not_found"


class MemberExistsError(ConflictError):
    code = "member_exists"


class UnknownUserError(InvalidError):
    """A request names a user whom the platform does not have."""

    def __init__(self) -> None:
        super().__init__({"user_id": ["is not a user of the platform"]})


class OwnStandingError(ForbiddenError):
    """Nobody changes their own role, nor whether they are active."""

    code = "own_standing"


class LastOwnerError(RuleBrokenError):
    """An organization has an owner at all times."""

    code = "last_owner"


class MemberRole(StrEnum):
    OWNER = "owner"
    MEMBER = "member"


class OrganizationRight(StrEnum):
    VIEW = "view"
    TAKE_PART = "take_part"
    CHANGE = "change"
    DELETE = "delete"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_INVITATIONS = "manage_invitations"
    MANAGE_SITES = "manage_sites"
    MANAGE_DOMAINS = "manage_domains"
    ADMINISTER_SITES = "administer_sites"


RIGHTS: Final = {
    MemberRole.OWNER: frozenset(OrganizationRight),
    MemberRole.MEMBER: frozenset({OrganizationRight.VIEW, OrganizationRight.TAKE_PART}),
}
"""To take part is to write one's own particulars, and to leave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberChanges:
    """What a partial update changes; the rest stays."""

    role: MemberRole | Unchanged = UNCHANGED
    title: str | Unchanged = UNCHANGED
    department: str | Unchanged = UNCHANGED
    phone: str | Unchanged = UNCHANGED
    is_active: bool | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A user of the platform in an organization. One that is not active has no rights in it.

    `rights_since` is when they last got rights that they did not have: what they had open in sites before, and
    lost, does not come back.
    """

    id: MemberId
    organization_id: OrganizationId
    user_id: UserId
    role: MemberRole
    joined_at: datetime
    rights_since: datetime
    created_at: datetime
    updated_at: datetime
    created_by: UserId | None
    title: str = ""
    department: str = ""
    phone: str = ""
    is_active: bool = True
    last_active_at: datetime | None = None
    version: int = 1

    def __post_init__(self) -> None:
        checks = Checks()
        checks.line("title", self.title, longest=100, blank=True)
        checks.line("department", self.department, longest=100, blank=True)
        checks.line("phone", self.phone, longest=50, blank=True)
        checks.done()

    @property
    def rights(self) -> frozenset[OrganizationRight]:
        return RIGHTS[self.role] if self.is_active else frozenset()

    @property
    def is_owner(self) -> bool:
        """Whether the organization is this one's to run, now."""
        return self.is_active and self.role is MemberRole.OWNER

    def change(self, changes: MemberChanges, *, at: datetime) -> Self:
        wanted = replace(
            self,
            role=changed(changes.role, self.role),
            title=changed(changes.title, self.title),
            department=changed(changes.department, self.department),
            phone=changed(changes.phone, self.phone),
            is_active=changed(changes.is_active, self.is_active),
            updated_at=at,
            version=self.version + 1,
        )
        return replace(wanted, rights_since=at) if wanted.rights - self.rights else wanted

    def require_leavable(self, *, other_owners: int, after: Self | None = None) -> None:
        """Refuse what would leave the organization without an owner.

        `other_owners` is how many could act besides this one; `after` is what it becomes, None if it goes.
        """
        if self.is_owner and not other_owners and not (after and after.is_owner):
            raise LastOwnerError("an organization must keep an active owner: make somebody else one first")

    def require_same_standing(self, after: Self) -> None:
        """For members who change themselves."""
        if (self.role, self.is_active) != (after.role, after.is_active):
            raise OwnStandingError("nobody may change their own role or is_active: ask another owner")
