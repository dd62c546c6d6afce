from dataclasses import dataclass

from application.identity.ports import UserRepository
from application.identity.user_authority import UserAuthority
from application.shared.ports import UnitOfWork
from domain.shared.caller import UserId
from domain.shared.versions import require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteUser:
    """Delete a user with their sessions and memberships in groups; their history stays.

    Whoever owns something cannot be deleted, only deactivated; nor can the last admin, nor who comes from the
    platform. With `seen`, only at one of these versions.
    """

    authority: UserAuthority
    users: UserRepository
    work: UnitOfWork

    async def __call__(self, *, user_id: UserId, seen: frozenset[int] | None) -> None:
        self.authority.require_manager(user_id)
        async with self.work:
            admins = await self.users.lock_admins()
            user = await self.users.get(user_id)
            require_version(user.version, seen)
            self.authority.require_removal(user)
            user.require_unlinked()
            user.require_other_admin(admins)
            await self.users.remove(user_id)
