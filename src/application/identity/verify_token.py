from dataclasses import dataclass

from application.identity.authenticate import Authenticate
from application.identity.ports import UserRepository
from application.identity.session_tokens import SessionTokens, hash_of
from application.shared.ports import Clock, UnitOfWork
from domain.identity.tokens import InvalidTokenError


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyToken:
    """Tell whether an access or a refresh token would be accepted now; raise if not."""

    users: UserRepository
    tokens: SessionTokens
    authenticate: Authenticate
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, token: str) -> None:
        try:
            claims = self.tokens.codec.read_refresh(token)
        except InvalidTokenError:
            await self.authenticate(token=token)
            return
        async with self.work:
            await self.tokens.lock(self.users, claims, at=self.clock())
            link = await self.tokens.chain.find(hash_of(token))
        if link is None or link.consumed_at:
            raise InvalidTokenError("this token has been used or was never given out")
