from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from domain.shared.errors import ForbiddenError

UserId = NewType("UserId", UUID)
SessionId = NewType("SessionId", UUID)


class Permission(StrEnum):
    SITES_VIEW = "sites.view"
    SITES_MANAGE = "sites.manage"
    USERS_MANAGE = "users.manage"
    PROJECTS_VIEW = "projects.view"
    PROJECTS_CHANGE = "projects.change"


PLATFORM_PERMISSIONS: Final = frozenset({Permission.SITES_VIEW, Permission.SITES_MANAGE, Permission.USERS_MANAGE})
"""All there is to be allowed on the platform."""
SITE_PERMISSIONS: Final = frozenset({Permission.USERS_MANAGE, Permission.PROJECTS_VIEW, Permission.PROJECTS_CHANGE})
"""All there is to be allowed in a site."""


class NotPermittedError(ForbiddenError):
    code = "not_permitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """On whose behalf a use case runs; every entrypoint must say.

    `user_id` is None for the operator at the command line, `session_id` for whoever holds no session.
    """

    label: str
    permissions: frozenset[Permission]
    user_id: UserId | None = None
    session_id: SessionId | None = None

    def require(self, permission: Permission) -> None:
        if permission not in self.permissions:
            raise NotPermittedError(f"this needs the permission {permission}")

    def require_user(self) -> UserId:
        """Who asks, where only a user of this schema may (the operator at the command line is none)."""
        if self.user_id is None:
            raise NotPermittedError("only a signed-in user may do this")
        return self.user_id
