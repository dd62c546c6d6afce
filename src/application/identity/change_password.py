from dataclasses import dataclass

from application.identity.ports import LoginThrottle, PasswordHasher, UserRepository
from application.identity.session_tokens import SessionTokens
from application.shared.ports import Clock, UnitOfWork
from domain.identity.password import check_password
from domain.identity.session import Client, SessionEnd
from domain.identity.tokens import TokenPair
from domain.shared.caller import Caller
from domain.shared.checks import Checks
from domain.shared.errors import InvalidError


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePassword:
    """Change the caller's own password, proving the present one; guesses count as logins do.

    Every session of the caller ends; whoever asks gets a new one and stays logged in. Not for those who come from
    the platform, where their password is, nor for whoever acts as the user.
    """

    caller: Caller
    users: UserRepository
    passwords: PasswordHasher
    throttle: LoginThrottle
    tokens: SessionTokens
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, current_password: str, new_password: str, client: Client) -> TokenPair:
        self.caller.require_in_person()
        await self.throttle.admit(self.caller.label, client.address)
        async with self.work:
            user = await self.users.get(self.caller.require_user())
        user.require_password()
        checks = Checks()
        with checks.part():
            check_password(new_password, username=user.username, email=user.email)
        proven = await self.passwords.verify(current_password, user.password_hash)
        checks.require("current_password", "is not your password", holds=proven)
        checks.done()
        await self.throttle.forgive(self.caller.label, client.address)
        new_hash = await self.passwords.hash(new_password)
        now = self.clock()
        async with self.work:
            current = await self.users.get(user.id)
            if current.password_hash != user.password_hash:
                raise InvalidError({"current_password": ["is not your password any more"]})
            changed = current.change_password(new_hash, at=now)
            await self.users.save(changed)
            await self.tokens.sessions.end_all(user.id, SessionEnd.PASSWORD_CHANGED, at=now)
            return await self.tokens.open(changed, client, at=now)
