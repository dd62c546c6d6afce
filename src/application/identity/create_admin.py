from dataclasses import dataclass

from application.identity.ports import PasswordHasher, UserRepository
from application.shared.ports import Clock, NewId, UnitOfWork
from domain.identity.password import check_password
from domain.identity.user import User
from domain.shared.caller import Caller, Permission, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateAdmin:
    """Make a user who may do everything in this schema: the platform's admin, or one site's."""

    caller: Caller
    users: UserRepository
    passwords: PasswordHasher
    work: UnitOfWork
    clock: Clock
    new_id: NewId

    async def __call__(self, *, username: str, email: str, password: str) -> User:
        self.caller.require(Permission.USERS_MANAGE)
        self.caller.require(Permission.ADMINS_MANAGE)
        now = self.clock()
        check_password(password, username=username, email=email, field="password")
        user = User(
            id=UserId(self.new_id()),
            username=username,
            email=email,
            password_hash=await self.passwords.hash(password),
            is_admin=True,
            created_at=now,
            updated_at=now,
            created_by=self.caller.user_id,
        )
        async with self.work:
            await self.users.add(user)
        return user
