from dataclasses import dataclass

from application.identity.ports import Assignments, UserRepository
from application.identity.user_authority import UserAuthority
from application.shared.ports import Clock, UnitOfWork
from domain.shared.caller import UserId
from domain.shared.versions import require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteUser:
    """Delete a user with their sessions, memberships in groups and grants; their history stays. What they had to do is
    nobody's then.

    Whoever owns something cannot be deleted, only deactivated; nor can the last admin, nor who comes from the
    platform. With `seen`, only at one of these versions.
    """

    authority: UserAuthority
    users: UserRepository
    assignments: Assignments
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, user_id: UserId, seen: frozenset[int] | None) -> None:
        self.authority.require_manager(user_id)
        async with self.work:
            await self.assignments.release(user_id, at=self.clock())  # before the user is locked, as whoever assigns
            admins = await self.users.lock_admins()
            user = await self.users.get(user_id)
            require_version(user.version, seen)
            self.authority.require_removal(user)
            user.require_unlinked()
            user.require_other_admin(admins)
            await self.users.remove(user_id)
