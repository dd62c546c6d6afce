from dataclasses import dataclass, replace
from datetime import datetime
from typing import NewType, Self
from uuid import UUID

from domain.shared.caller import GROUP_PERMISSIONS, UserId
from domain.shared.changes import UNCHANGED, Unchanged, changed
from domain.shared.checks import Checks
from domain.shared.errors import ConflictError, InvalidError, NotFoundError

GroupId = NewType("GroupId", UUID)
GroupMemberId = NewType("GroupMemberId", UUID)

LONGEST_NAME = 100


class GroupNotFoundError(NotFoundError):
    code = "group_not_found"


class GroupNameTakenError(ConflictError):
    code = "group_name_taken"


class GroupMemberNotFoundError(NotFoundError):
    code = "member_not_found"


class GroupMemberExistsError(ConflictError):
    code = "member_exists"


class UnknownMemberError(InvalidError):
    """Who is to be a member is not a user of this site."""

    def __init__(self) -> None:
        super().__init__({"user": ["is not a user of this site"]})


def name_key(name: str) -> str:
    """The one form in which names are compared: the case of the letters a to z does not tell two apart."""
    return "".join(character.lower() if character.isascii() else character for character in name)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChanges:
    """What a partial update changes; the rest stays."""

    name: str | Unchanged = UNCHANGED
    permissions: frozenset[str] | Unchanged = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Users of one site who get the same permissions, all of them out of `GROUP_PERMISSIONS`."""

    id: GroupId
    name: str
    permissions: frozenset[str]
    created_at: datetime
    updated_at: datetime
    created_by: UserId | None
    version: int = 1

    def __post_init__(self) -> None:
        checks = Checks()
        checks.line("name", self.name, longest=LONGEST_NAME)
        for unknown in sorted(self.permissions - GROUP_PERMISSIONS):
            checks.require("permissions", f"{unknown!a} is nothing that a group can give", holds=False)
        checks.done()

    def change(self, changes: GroupChanges, *, at: datetime) -> Self:
        return replace(
            self,
            name=changed(changes.name, self.name),
            permissions=changed(changes.permissions, self.permissions),
            updated_at=at,
            version=self.version + 1,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMember:
    """That a user is in a group."""

    id: GroupMemberId
    group_id: GroupId
    user_id: UserId
    created_at: datetime
    created_by: UserId | None
