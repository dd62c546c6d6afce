from typing import Final

from domain.identity.user import UserNotFoundError
from domain.shared.audited import Audited

USER_HISTORY: Final = Audited(
    table="users",
    noun="user",
    absent=UserNotFoundError,
    shown=(
        "id",
        "username",
        "email",
        "first_name",
        "last_name",
        "is_active",
        "is_admin",
        "last_login_at",
        "created_at",
        "updated_at",
        "created_by",
        "version",
    ),
    writable=("username", "email", "first_name", "last_name", "is_active", "is_admin"),
    stays_gone="a user who was deleted does not come back: no password is known of them",
    secret=("password",),
    stored=(("password", "password_hash"),),
)
