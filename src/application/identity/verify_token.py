from dataclasses import dataclass

from application.identity.authenticate import Authenticate
from application.identity.ports import RefreshTokenRepository, SessionRepository, TokenCodec
from application.identity.session_tokens import hash_of
from application.shared.ports import Clock, UnitOfWork
from domain.identity.tokens import InvalidTokenError


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyToken:
    """Tell whether an access or a refresh token would be accepted now; raise if not."""

    codec: TokenCodec
    sessions: SessionRepository
    chain: RefreshTokenRepository
    authenticate: Authenticate
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, token: str) -> None:
        try:
            claims = self.codec.read_refresh(token)
        except InvalidTokenError:
            await self.authenticate(token=token)
            return
        async with self.work:
            session = await self.sessions.find(claims.session_id)
            link = await self.chain.find(hash_of(token))
        if link is None or link.consumed_at or session is None:
            raise InvalidTokenError("this token has been used or was never given out")
        if not session.is_live(at=self.clock()):
            raise InvalidTokenError("this session has ended")
