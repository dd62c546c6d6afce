from dataclasses import dataclass

from application.identity.ports import RefreshTokenRepository, SessionRepository, TokenCodec
from application.identity.session_tokens import hash_of
from application.shared.ports import Clock, UnitOfWork
from domain.identity.session import SessionEnd
from domain.identity.tokens import InvalidTokenError


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOut:
    """Blacklist a refresh token: its session ends, and its access tokens with it. Safe to repeat."""

    codec: TokenCodec
    sessions: SessionRepository
    chain: RefreshTokenRepository
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, refresh: str) -> None:
        claims = self.codec.read_refresh(refresh)
        async with self.work:
            session = await self.sessions.find(claims.session_id)
            if session is None or await self.chain.find(hash_of(refresh)) is None:
                raise InvalidTokenError("this token was never given out")
            await self.sessions.save(session.end(SessionEnd.LOGGED_OUT, at=self.clock()))
