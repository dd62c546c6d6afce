from dataclasses import dataclass

from application.identity.ports import LoginThrottle, PasswordHasher, UserRepository
from application.identity.session_tokens import SessionTokens
from application.shared.ports import Clock, UnitOfWork
from domain.identity.session import Client
from domain.identity.tokens import TokenPair
from domain.identity.user import User, UserNotFoundError, WrongCredentialsError


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIn:
    """Prove who you are by username or email and password; get a session and its first tokens.

    An unknown name, a wrong password, a deactivated user and one who signs in at the platform answer alike and
    take the same time. Attempts count for the account, under whichever of its names they come.
    A password hash made with other parameters than today's is renewed on the way.
    """

    users: UserRepository
    passwords: PasswordHasher
    throttle: LoginThrottle
    tokens: SessionTokens
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, login: str, password: str, client: Client) -> TokenPair:
        user = await self.users.find_by_login(login)
        account = user.username if user else login
        await self.throttle.admit(account, client.address)
        while True:
            proven = await self._prove(user, password)
            await self.throttle.forgive(account, client.address)
            renewed = await self._renewed_hash(proven, password)
            now = self.clock()
            async with self.work:
                user = await self._get(proven)
                if user.is_active and user.password_hash == proven.password_hash:
                    await self.users.save(user.logged_in(at=now, password_hash=renewed))
                    return await self.tokens.open(user, client, at=now)
            # Meanwhile it was changed, or renewed by a login at the same time: what is proven is out of date.

    async def _prove(self, user: User | None, password: str) -> User:
        proven = await self.passwords.verify(password, user.proof if user else None)
        if user is None or not proven or not user.is_active:
            raise WrongCredentialsError("no active account has this name and password")
        return user

    async def _get(self, user: User) -> User:
        try:
            return await self.users.get(user.id)
        except UserNotFoundError as error:
            raise WrongCredentialsError("no active account has this name and password") from error

    async def _renewed_hash(self, user: User, password: str) -> str:
        if self.passwords.is_outdated(user.password_hash):
            return await self.passwords.hash(password)
        return user.password_hash
