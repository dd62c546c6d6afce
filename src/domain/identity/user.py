import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Self

from domain.shared.caller import UserId
from domain.shared.checks import Checks
from domain.shared.errors import ConflictError, NotFoundError, RuleBrokenError, UnauthenticatedError

LONGEST_USERNAME = 150
NO_PASSWORD: Final = "!"  # noqa: S105  the hash of none
"""What stands for the password hash of a user who has none: no password verifies against it."""
_USERNAME = re.compile(r"[A-Za-z0-9_.+-]{1,150}")


def folded(login: str) -> str:
    """The one form in which logins are compared and counted: case does not tell two apart.

    Names and addresses are ASCII; to fold more would let `K` (the Kelvin sign) or `İ` pass for a letter
    of somebody's name in one place and not in another.
    """
    return login.lower() if login.isascii() else login


class UserNotFoundError(NotFoundError):
    code = "user_not_found"


class UsernameTakenError(ConflictError):
    code = "username_taken"


class EmailTakenError(ConflictError):
    code = "email_taken"


class WrongCredentialsError(UnauthenticatedError):
    """No active user with that name and password; which of the three it is, nobody learns."""

    code = "wrong_credentials"


class LinkedUserError(RuleBrokenError):
    """Who comes from the platform has no password in the site, and so none to change."""

    code = "linked_user"


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
    def proof(self) -> str | None:
        """The hash that a password must match; None for a linked user, whatever is stored."""
        return self.password_hash if self.linked_user_id is None else None

    def require_password(self) -> None:
        """Raise `LinkedUserError` for a user who has none here."""
        if self.linked_user_id is not None:
            raise LinkedUserError("you sign in at the platform: your password is there")

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
