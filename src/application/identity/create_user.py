from dataclasses import dataclass, replace

from application.identity.ports import PasswordHasher, UserRepository
from application.shared.ports import Clock, NewId, UnitOfWork
from domain.identity.password import check_password
from domain.identity.user import User
from domain.shared.caller import Caller, Permission, UserId
from domain.shared.checks import Checks


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUser:
    """Make a user of this schema, who is in no group yet. Admins are made by admins alone."""

    caller: Caller
    users: UserRepository
    passwords: PasswordHasher
    work: UnitOfWork
    clock: Clock
    new_id: NewId

    async def __call__(
        self,
        *,
        username: str,
        email: str,
        password: str,
        first_name: str,
        last_name: str,
        is_active: bool,
        is_admin: bool,
    ) -> User:
        self.caller.require(Permission.USERS_MANAGE)
        if is_admin:
            self.caller.require(Permission.ADMINS_MANAGE)
        now = self.clock()
        checks = Checks()
        with checks.part():
            check_password(password, username=username, email=email, field="password")
        with checks.part():
            user = User(
                id=UserId(self.new_id()),
                username=username,
                email=email,
                password_hash="",
                first_name=first_name,
                last_name=last_name,
                is_active=is_active,
                is_admin=is_admin,
                created_at=now,
                updated_at=now,
                created_by=self.caller.user_id,
            )
        checks.done()
        user = replace(user, password_hash=await self.passwords.hash(password))
        async with self.work:
            await self.users.add(user)
        return user
