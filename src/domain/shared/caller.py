from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from domain.shared.errors import ForbiddenError

UserId = NewType("UserId", UUID)
SessionId = NewType("SessionId", UUID)


class Permission(StrEnum):
    ORGANIZATIONS_MANAGE = "organizations.manage"
    SITES_MANAGE = "sites.manage"
    SITES_ENTER = "sites.enter"
    USERS_VIEW = "users.view"
    USERS_MANAGE = "users.manage"
    ADMINS_MANAGE = "admins.manage"
    GROUPS_MANAGE = "groups.manage"
    JOBS_VIEW = "jobs.view"
    JOBS_MANAGE = "jobs.manage"
    PROJECTS_VIEW = "projects.view"
    PROJECTS_CREATE = "projects.create"
    PROJECTS_CHANGE = "projects.change"
    PROJECTS_DELETE = "projects.delete"
    PROJECTS_SHARE = "projects.share"
    TASKS_VIEW = "tasks.view"
    TASKS_CREATE = "tasks.create"
    TASKS_CHANGE = "tasks.change"
    TASKS_DELETE = "tasks.delete"
    TASKS_SHARE = "tasks.share"
    FILES_VIEW = "files.view"
    FILES_CREATE = "files.create"
    FILES_CHANGE = "files.change"
    FILES_DELETE = "files.delete"
    FILES_SHARE = "files.share"
    HISTORY_PRUNE = "history.prune"
    """The operator's alone: nobody who signs in has it."""


PLATFORM_PERMISSIONS: Final = frozenset(
    {
        Permission.ORGANIZATIONS_MANAGE,
        Permission.SITES_MANAGE,
        Permission.SITES_ENTER,
        Permission.USERS_VIEW,
        Permission.USERS_MANAGE,
        Permission.ADMINS_MANAGE,
        Permission.JOBS_VIEW,
        Permission.JOBS_MANAGE,
    }
)
"""All there is to be allowed on the platform: its admins have it. `sites.enter` is to go into any site."""
SITE_PERMISSIONS: Final = frozenset(
    {
        Permission.USERS_VIEW,
        Permission.USERS_MANAGE,
        Permission.ADMINS_MANAGE,
        Permission.GROUPS_MANAGE,
        Permission.JOBS_VIEW,
        Permission.JOBS_MANAGE,
        Permission.PROJECTS_VIEW,
        Permission.PROJECTS_CREATE,
        Permission.PROJECTS_CHANGE,
        Permission.PROJECTS_DELETE,
        Permission.PROJECTS_SHARE,
        Permission.TASKS_VIEW,
        Permission.TASKS_CREATE,
        Permission.TASKS_CHANGE,
        Permission.TASKS_DELETE,
        Permission.TASKS_SHARE,
        Permission.FILES_VIEW,
        Permission.FILES_CREATE,
        Permission.FILES_CHANGE,
        Permission.FILES_DELETE,
        Permission.FILES_SHARE,
    }
)
"""All there is to be allowed in a site: its admins have it."""
GROUP_PERMISSIONS: Final = SITE_PERMISSIONS - {Permission.ADMINS_MANAGE}
"""What a group may give its members. To make admins is for admins alone."""


class NotPermittedError(ForbiddenError):
    code = "not_permitted"


class WhileImpersonatingError(ForbiddenError):
    """A user does this in person: nobody who acts as them may."""

    code = "while_impersonating"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """On whose behalf a use case runs; every entrypoint must say.

    `user_id` is None for the operator at the command line, `session_id` for whoever holds no session.
    `impersonator` is the platform's admin who acts as this user, and `impersonator_label` that one's name.
    """

    label: str
    permissions: frozenset[Permission]
    user_id: UserId | None = None
    session_id: SessionId | None = None
    impersonator: UserId | None = None
    impersonator_label: str = ""

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        if not self.may(permission):
            raise NotPermittedError(f"this needs the permission {permission}")

    def require_user(self) -> UserId:
        """Who asks, where only a user of this schema may (the operator at the command line is none)."""
        if self.user_id is None:
            raise NotPermittedError("only a signed-in user may do this")
        return self.user_id

    def require_in_person(self) -> None:
        """Raise `WhileImpersonatingError` if somebody else acts as the user."""
        if self.impersonator is not None:
            raise WhileImpersonatingError("you act as this user: only they themselves may do this")
