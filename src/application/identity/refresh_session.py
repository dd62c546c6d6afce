from dataclasses import dataclass
from datetime import datetime

from application.identity.ports import (
    RefreshTokenRepository,
    SecurityEvents,
    SessionRepository,
    UserRepository,
)
from application.identity.session_tokens import SessionTokens, hash_of
from application.shared.ports import Clock, UnitOfWork
from domain.identity.session import RefreshToken, SessionEnd
from domain.identity.tokens import InvalidTokenError, TokenPair


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshSession:
    """Trade a refresh token for the next pair. Each is good once.

    A client whose answer got lost gets the same successor again within the grace time. Any other
    second use means that two hold the token: the whole session ends and a security event is raised.
    """

    users: UserRepository
    sessions: SessionRepository
    tokens: SessionTokens
    events: SecurityEvents
    work: UnitOfWork
    clock: Clock

    async def __call__(self, *, refresh: str) -> TokenPair:
        claims = self.tokens.codec.read_refresh(refresh)
        now = self.clock()
        async with self.work:
            user, session = await self.tokens.lock(self.users, claims, at=now)
            successor = self.tokens.next_id()
            if await self._chain.consume(hash_of(refresh), successor, at=now):
                session = session.used(at=now, until=now + self.tokens.lifetimes.refresh)
                await self.sessions.save(session)
                return await self.tokens.append(user, session, successor, at=now)
            token = await self._chain.find(hash_of(refresh))
            if token is None:
                raise InvalidTokenError("this token was never given out")
            if token.consumed_at is None:
                raise InvalidTokenError("this token has expired")
            if lost := await self._lost_successor(token, at=now):
                return self.tokens.repeat(user, session, lost, at=now)
            await self.sessions.save(session.end(SessionEnd.TOKEN_REUSED, at=now))
        await self.events.refresh_token_reused(session)
        raise InvalidTokenError("this token has been used before: its session has been ended")

    @property
    def _chain(self) -> RefreshTokenRepository:
        return self.tokens.chain

    async def _lost_successor(self, token: RefreshToken, *, at: datetime) -> RefreshToken | None:
        if token.successor_id is None or not token.is_within_grace(at=at, grace=self.tokens.lifetimes.grace):
            return None
        successor = await self._chain.get(token.successor_id)
        return None if successor.consumed_at else successor
