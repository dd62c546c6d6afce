from dataclasses import dataclass

from application.access.object_reach import ObjectReach
from application.identity.ports import UserGroups
from domain.identity.user import OwnAccountError, User, UserNotFoundError
from domain.shared.caller import Caller, NotPermittedError, Permission, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class UserAuthority:
    """What the caller may do to the users of their schema."""

    caller: Caller
    groups: UserGroups
    reach: ObjectReach

    def require_manager(self, user_id: UserId) -> None:
        """Before anything is looked up. Raise `UserNotFoundError` for whoever may not even see the user."""
        if self.caller.may(Permission.USERS_MANAGE):
            return
        if user_id != self.caller.user_id and not self.caller.may(Permission.USERS_VIEW):
            raise UserNotFoundError(f"there is no user {user_id}")
        self.caller.require(Permission.USERS_MANAGE)

    async def require_change(self, user: User, wanted: User) -> None:
        """Raise `NotPermittedError` or `OwnAccountError` unless the caller may make `wanted` of `user`.

        Admins are changed by admins alone, and so are linked users, who may be admins by a role on the platform.
        Whoever can give somebody an address or a password can sign in as them, so that takes all the permissions
        that they have, and all that they may do with single objects.
        """
        if user.is_admin or wanted.is_admin or user.linked_user_id is not None:
            self.caller.require(Permission.ADMINS_MANAGE)
        if user.id == self.caller.user_id:
            _require_same_account(user, wanted)
        elif (user.email, user.password_hash) != (wanted.email, wanted.password_hash):
            await self._require_all_permissions_of(user)

    def require_removal(self, user: User) -> None:
        if user.is_admin or user.linked_user_id is not None:
            self.caller.require(Permission.ADMINS_MANAGE)
        if user.id == self.caller.user_id:
            raise OwnAccountError("nobody deletes themself")

    async def _require_all_permissions_of(self, user: User) -> None:
        if missing := await self.groups.permissions(user.id) - self.caller.permissions:
            raise NotPermittedError(f"{user.username} may do what you may not: {', '.join(sorted(missing))}")
        await self.reach.require_all_of_user(user.id)


def _require_same_account(user: User, wanted: User) -> None:
    if (user.is_active, user.is_admin) != (wanted.is_active, wanted.is_admin):
        raise OwnAccountError("nobody changes what they may do themself")
    if (user.email, user.password_hash) != (wanted.email, wanted.password_hash):
        raise OwnAccountError("change your own address and password in your profile, with your present password")
