from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NewType, Self
from uuid import UUID

from domain.access.group import GroupId
from domain.shared.caller import NotPermittedError, UserId
from domain.shared.checks import Checks
from domain.shared.errors import InvalidError, NotFoundError
from domain.shared.grantable import ObjectPermission

GrantId = NewType("GrantId", UUID)


class GrantNotFoundError(NotFoundError):
    code = "grant_not_found"


class UnknownReceiverError(InvalidError):
    """The user or the group is not of this site. `field` is which of the two was named."""

    def __init__(self, field: str) -> None:
        super().__init__({field: [f"is not a {field} of this site"]})


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one user, or the members of one group, may do with one object: a row `object_id` of the table `resource`.

    Grants to a user and to the user's groups add up. `granted_by` is who decided last.
    """

    id: GrantId
    resource: str
    object_id: UUID
    user: UserId | None
    group: GroupId | None
    permissions: frozenset[ObjectPermission]
    granted_by: UserId | None
    created_at: datetime
    updated_at: datetime
    created_by: UserId | None
    version: int = 1

    def __post_init__(self) -> None:
        checks = Checks()
        for field in ("user", "group"):
            one = (self.user is None) != (self.group is None)
            checks.require(field, "name either a user or a group", holds=one)
        checks.require("permissions", "must have one at least", holds=bool(self.permissions))
        views = not self.permissions or ObjectPermission.VIEW in self.permissions
        checks.require("permissions", "must have view where there is any other", holds=views)
        checks.done()

    def replace(self, permissions: frozenset[ObjectPermission], *, by: UserId | None, at: datetime) -> Self:
        return replace(self, permissions=permissions, granted_by=by, updated_at=at, version=self.version + 1)

    def require_within(self, held: AbstractSet[ObjectPermission]) -> None:
        """Raise `NotPermittedError` unless whoever holds `held` on the object may give and take this grant."""
        if beyond := self.permissions - held:
            names = ", ".join(sorted(beyond))
            raise NotPermittedError(f"one gives and takes at most what one has oneself, and not {names}")
