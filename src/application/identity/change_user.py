from dataclasses import dataclass, replace

from application.identity.ports import PasswordHasher, SessionRepository, UserRepository
from application.identity.user_authority import UserAuthority
from application.identity.user_views import UserView
from application.shared.ports import Clock, UnitOfWork
from domain.identity.password import check_password
from domain.identity.session import SessionEnd
from domain.identity.user import User, UserChanges
from domain.shared.caller import UserId
from domain.shared.changes import UNCHANGED, Unchanged, changed
from domain.shared.checks import Checks
from domain.shared.versions import require_version

Seen = frozenset[int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeUser:
    """Change some or all fields of a user, and their password if one is given.

    Whoever is deactivated or given a password is logged out everywhere, in every process within 5 seconds.
    The last active admin of a schema stays one: of two who demote each other at once, one is refused.
    With `seen`, only if the user still is at one of these versions.
    """

    authority: UserAuthority
    users: UserRepository
    sessions: SessionRepository
    passwords: PasswordHasher
    work: UnitOfWork
    clock: Clock

    async def __call__(
        self, *, user_id: UserId, changes: UserChanges, password: str | Unchanged = UNCHANGED, seen: Seen
    ) -> UserView:
        self.authority.require_manager(user_id)
        if password is not UNCHANGED:
            changes = replace(changes, password_hash=await self._hash(user_id, changes, password, seen))
        async with self.work:
            admins = await self.users.lock_admins() if changes.may_cost_an_admin else frozenset()
            user = await self.users.get(user_id)
            wanted = await self._decide(user, changes, password, seen)
            if not wanted.is_active_admin and changes.may_cost_an_admin:
                user.require_other_admin(admins)
            await self.users.save(wanted)
            if wanted.token_version != user.token_version:
                await self.sessions.end_all(user_id, SessionEnd.ENDED_BY_ADMIN, at=wanted.updated_at)
            return UserView.of(wanted, await self.authority.groups.of(user_id))

    async def _hash(self, user_id: UserId, changes: UserChanges, password: str, seen: Seen) -> str:
        """Of a password that will be accepted, as far as can be told before: hashing is work."""
        async with self.work:
            user = await self.users.get(user_id)
            await self._decide(user, replace(changes, password_hash=""), password, seen)
        return await self.passwords.hash(password)

    async def _decide(self, user: User, changes: UserChanges, password: str | Unchanged, seen: Seen) -> User:
        """What becomes of the user. Raise if it may not be."""
        require_version(user.version, seen)
        checks = Checks()
        with checks.part():
            if password is not UNCHANGED:
                username, email = changed(changes.username, user.username), changed(changes.email, user.email)
                check_password(password, username=username, email=email, field="password")
        with checks.part():
            wanted = user.change(changes, at=self.clock())
        checks.done()
        await self.authority.require_change(user, wanted)
        return wanted
