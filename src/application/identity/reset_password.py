from dataclasses import dataclass

from application.identity.ports import PasswordHasher, SessionRepository, UserRepository
from application.identity.reset_ports import PasswordResetRepository
from application.identity.session_tokens import hash_of
from application.shared.ports import Clock, UnitOfWork
from domain.identity.password import check_password
from domain.identity.password_reset import ResetTokenError
from domain.identity.session import SessionEnd
from domain.identity.user import User, UserNotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetPassword:
    """Set a new password by the token of a mail. Every session of the user ends.

    The token is good once, and a password that is refused does not use it up. Nothing is hashed for one that
    is not good.
    """

    users: UserRepository
    resets: PasswordResetRepository
    sessions: SessionRepository
    passwords: PasswordHasher
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, token: str, password: str) -> None:
        token_hash = hash_of(token)
        user = await self._user(token_hash)
        check_password(password, username=user.username, email=user.email, field="password")
        new_hash = await self.passwords.hash(password)
        async with self.work:
            now, current = self.clock(), await self._locked(user)
            reset = await self.resets.consume(token_hash, at=now)
            if reset is None:
                raise ResetTokenError
            reset.require_open_for(current, at=now)
            await self.users.save(current.change_password(new_hash, at=now))
            await self.sessions.end_all(current.id, SessionEnd.PASSWORD_RESET, at=now)

    async def _user(self, token_hash: bytes) -> User:
        """Whose the token is, if it is good now."""
        reset = await self.resets.find(token_hash)
        if reset is None:
            raise ResetTokenError
        try:
            async with self.work:
                user = await self.users.get(reset.user_id)
        except UserNotFoundError as error:
            raise ResetTokenError from error
        reset.require_open_for(user, at=self.clock())
        return user

    async def _locked(self, user: User) -> User:
        try:
            return await self.users.get(user.id)
        except UserNotFoundError as error:
            raise ResetTokenError from error
