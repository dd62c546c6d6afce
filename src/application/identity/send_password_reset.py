from contextlib import suppress
from dataclasses import dataclass

from application.identity.ports import UserRepository
from application.identity.reset_ports import PasswordResetRepository, ResetLetters
from application.identity.session_tokens import hash_of
from application.shared.jobs import Jobs
from application.shared.mail import SendMail
from application.shared.ports import Clock, NewId, NewSecret, UnitOfWork
from domain.identity.login import folded
from domain.identity.password_reset import LIFETIME, MOST, PasswordReset, PasswordResetId
from domain.identity.user import User, UserNotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPasswordReset:
    """Mail the user who has an address a token for a new password; what they got before is worthless then.

    Nothing for addresses of nobody, of deactivated users and of users who sign in on the platform, and nothing
    after a handful within the hour. Safe to repeat: the last mail is the one that works.
    """

    users: UserRepository
    resets: PasswordResetRepository
    letters: ResetLetters
    jobs: Jobs
    work: UnitOfWork
    clock: Clock
    new_id: NewId
    new_secret: NewSecret

    async def __call__(self, *, email: str, host: str) -> None:
        user = await self.users.find_by_login(email)
        if user is None or folded(user.email) != folded(email):
            return
        with suppress(UserNotFoundError):  # deleted meanwhile
            async with self.work:
                await self._prepare(user, host)

    async def _prepare(self, found: User, host: str) -> None:
        user, now, token = await self.users.get(found.id), self.clock(), self.new_secret()
        if not user.can_reset_password or folded(user.email) != folded(found.email):
            return
        if await self.resets.count(user.id, since=now - LIFETIME) < MOST:
            reset = PasswordReset(
                id=PasswordResetId(self.new_id()),
                user_id=user.id,
                token_hash=hash_of(token),
                created_at=now,
                expires_at=now + LIFETIME,
            )
            await self.resets.replace(reset)
            mail = self.letters.password_reset(user, host=host, token=token, expires_at=reset.expires_at)
            await self.jobs.add(SendMail, mail=mail)
