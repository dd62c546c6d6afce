import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Self

from domain.shared.caller import UserId
from domain.shared.changes import UNCHANGED, Unchanged, changed
from domain.shared.checks import Checks
from domain.shared.errors import (
    ConflictError,
    ForbiddenError,
    NotFoundError,
    RuleBrokenError,
    UnauthenticatedError,
)

LONGEST_USERNAME = 150
NO_PASSWORD: Final = "!"  # noqa: S105  the hash of none
"""What stands for the password hash of a user who has none: no password verifies against it."""
_USERNAME = re.compile(r"[A-Za-z0-9_.+-]{1,150}")


class UserNotFoundError(NotFoundError):
    code = "user_not_found"


class UsernameTakenError(ConflictError):
    code = "username_taken"


class EmailTakenError(ConflictError):
    code = "email_taken"


class WrongCredentialsError(UnauthenticatedError):
    """No active user with that name and password; which of the three it is, nobody learns."""

    code = "wrong_credentials"


class UserInUseError(ConflictError):
    """Something that must not be lost belongs to the user."""

    code = "user_in_use"


class OwnAccountError(ForbiddenError):
    """Nobody decides alone what they may do themself, nor takes over their own account unproven."""

    code = "own_account"


class LastAdminError(RuleBrokenError):
    """Of the admins who can sign in, one stays."""

    code = "last_admin"


class LinkedUserError(RuleBrokenError):
    """Who comes from the platform is there who they are, and has no password in the site to change."""

    code = "linked_user"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserChanges:
    """What a partial update changes; the rest stays."""

    username: str | Unchanged = UNCHANGED
    email: str | Unchanged = UNCHANGED
    first_name: str | Unchanged = UNCHANGED
    last_name: str | Unchanged = UNCHANGED
    is_active: bool | Unchanged = UNCHANGED
    is_admin: bool | Unchanged = UNCHANGED
    password_hash: str | Unchanged = UNCHANGED

    @property
    def may_cost_an_admin(self) -> bool:
        return self.is_active is not UNCHANGED or self.is_admin is not UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person who signs in, on the platform or in one site.

    `password_hash` is an argon2id string; `token_version` grows when all access tokens die at once.
    `linked_user_id` is the user of the platform who this user of a site is; such a one has no password.
    """

    id: UserId
    username: str
    email: str
    password_hash: str
    created_at: datetime
    updated_at: datetime
    created_by: UserId | None
    first_name: str = ""
    last_name: str = ""
    is_active: bool = True
    is_admin: bool = False
    token_version: int = 1
    last_login_at: datetime | None = None
    linked_user_id: UserId | None = None
    version: int = 1

    def __post_init__(self) -> None:
        checks = Checks()
        checks.require(
            "username",
            f"must be 1 to {LONGEST_USERNAME} of the letters a to z, digits and . + - _",
            holds=bool(_USERNAME.fullmatch(self.username)),
        )
        checks.email("email", self.email)
        checks.line("first_name", self.first_name, longest=150, blank=True)
        checks.line("last_name", self.last_name, longest=150, blank=True)
        checks.done()

    @property
    def can_reset_password(self) -> bool:
        """Whether there is a password that a mail may replace."""
        return self.is_active and self.linked_user_id is None

    @property
    def proof(self) -> str | None:
        """The hash that a password must match; None for a linked user, whatever is stored."""
        return self.password_hash if self.linked_user_id is None else None

    def require_password(self) -> None:
        """Raise `LinkedUserError` for a user who has none here."""
        if self.linked_user_id is not None:
            raise LinkedUserError("you sign in at the platform: your password is there")

    @property
    def is_active_admin(self) -> bool:
        """One of the schema's own: who is an admin here by a role on the platform is not counted."""
        return self.is_active and self.is_admin and self.linked_user_id is None

    def change(self, changes: UserChanges, *, at: datetime) -> Self:
        """Deactivation and a new password make every access token given out so far worthless.

        Raise `LinkedUserError` where the platform decides.
        """
        wanted = replace(
            self,
            username=changed(changes.username, self.username),
            email=changed(changes.email, self.email),
            first_name=changed(changes.first_name, self.first_name),
            last_name=changed(changes.last_name, self.last_name),
            is_active=changed(changes.is_active, self.is_active),
            is_admin=changed(changes.is_admin, self.is_admin),
            password_hash=changed(changes.password_hash, self.password_hash),
        )
        if self.linked_user_id is not None and _said_by_the_platform(wanted) != _said_by_the_platform(self):
            raise LinkedUserError("this user comes from the platform: names, address, password and role are set there")
        if changes.password_hash is not UNCHANGED or (self.is_active and not wanted.is_active):
            return wanted.end_access(at=at)
        return replace(wanted, updated_at=at, version=self.version + 1)

    def require_other_admin(self, admins: frozenset[UserId]) -> None:
        """Raise `LastAdminError` if this is the last of the active `admins`."""
        if self.is_active_admin and not admins - {self.id}:
            raise LastAdminError(f"{self.username} is the last admin: make another one first")

    def require_unlinked(self) -> None:
        """Raise `LinkedUserError` for a user of the platform: deleted here, they would come back when they enter."""
        if self.linked_user_id is not None:
            raise LinkedUserError("this user comes from the platform and would come back: deactivate them instead")

    def logged_in(self, *, at: datetime, password_hash: str) -> Self:
        """`password_hash` is the present one, or a stronger one of the same password."""
        return replace(self, last_login_at=at, password_hash=password_hash)

    def entered(self, *, first_name: str, last_name: str, at: datetime) -> Self:
        """Came from the platform, where their name is kept."""
        entered = replace(self, last_login_at=at)
        if (first_name, last_name) == (self.first_name, self.last_name):
            return entered
        return replace(entered, first_name=first_name, last_name=last_name, updated_at=at, version=self.version + 1)

    def change_password(self, password_hash: str, *, at: datetime) -> Self:
        """Raise `LinkedUserError` for a user who has none."""
        self.require_password()
        changed = replace(self, password_hash=password_hash)
        return changed.end_access(at=at)

    def end_access(self, *, at: datetime) -> Self:
        """Make every access token given out so far worthless."""
        return replace(self, token_version=self.token_version + 1, updated_at=at, version=self.version + 1)


def _said_by_the_platform(user: User) -> tuple[str, str, str, str, str, bool]:
    """What of a linked user is not for the site to change."""
    return user.username, user.email, user.first_name, user.last_name, user.password_hash, user.is_admin
