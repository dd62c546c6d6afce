from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from application.identity.entry_check import EntryCheck
from application.identity.ports import RefreshTokenRepository, SessionRepository, TokenCodec, UserRepository
from application.shared.ports import NewId
from domain.identity.entry import Visitor
from domain.identity.session import Client, RefreshToken, RefreshTokenId, Session
from domain.identity.tokens import AccessClaims, InvalidTokenError, RefreshClaims, TokenPair
from domain.identity.user import User, UserNotFoundError
from domain.shared.caller import SessionId


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLifetimes:
    """How long tokens are good, and how long a client may ask again after a lost answer.

    `impersonation`: how long an admin of the platform may act as somebody, however often the tokens are renewed.
    """

    access: timedelta = timedelta(minutes=15)
    refresh: timedelta = timedelta(days=7)
    impersonation: timedelta = timedelta(minutes=30)
    grace: timedelta = timedelta(seconds=10)


def hash_of(token: str) -> bytes:
    """What is stored of a token: its SHA-256, 32 bytes."""
    return sha256(token.encode()).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTokens:
    """Opens sessions and carries their token chains on, inside the caller's transaction."""

    sessions: SessionRepository
    chain: RefreshTokenRepository
    codec: TokenCodec
    new_id: NewId
    lifetimes: TokenLifetimes
    entry: EntryCheck

    async def lock(self, users: UserRepository, claims: RefreshClaims, *, at: datetime) -> tuple[User, Session]:
        """The user and the session of a refresh token. Raise `InvalidTokenError` unless both are live.

        So is, for whoever comes from the platform, the right to be in this site.
        """
        try:
            user = await users.get(claims.user_id)
        except UserNotFoundError as error:
            raise InvalidTokenError("this session has ended") from error
        session = await self.sessions.find(claims.session_id)
        if session is None or not session.is_live(at=at) or not user.is_active:
            raise InvalidTokenError("this session has ended")
        if await self.entry(session.passage(user)) is None:
            raise InvalidTokenError("this session has ended")
        return user, session

    async def open(
        self,
        user: User,
        client: Client,
        *,
        at: datetime,
        platform_session: SessionId | None = None,
        impersonator: Visitor | None = None,
    ) -> TokenPair:
        """`impersonator` is the platform's admin who acts as the user in it."""
        lifetime = min(self.lifetimes.impersonation, self.lifetimes.refresh) if impersonator else self.lifetimes.refresh
        session = Session(
            id=SessionId(self.new_id()),
            user_id=user.id,
            client=client,
            created_at=at,
            last_used_at=at,
            expires_at=at + lifetime,
            impersonator=impersonator.id if impersonator else None,
            impersonator_label=impersonator.username if impersonator else None,
            platform_session=platform_session,
        )
        await self.sessions.add(session)
        return await self.append(user, session, self.next_id(), at=at)

    def next_id(self) -> RefreshTokenId:
        return RefreshTokenId(self.new_id())

    async def append(self, user: User, session: Session, token_id: RefreshTokenId, *, at: datetime) -> TokenPair:
        """Put the next link on the session's chain."""
        issued_at = at.replace(microsecond=0)
        expires_at = min(issued_at + self.lifetimes.refresh, session.expires_at)
        refresh = self._refresh(user, session, token_id, issued_at, expires_at)
        token = RefreshToken(
            id=token_id,
            session_id=session.id,
            token_hash=hash_of(refresh),
            issued_at=issued_at,
            expires_at=expires_at,
        )
        await self.chain.add(token)
        return TokenPair(access=self._access(user, session, at), refresh=refresh)

    def repeat(self, user: User, session: Session, token: RefreshToken, *, at: datetime) -> TokenPair:
        """The pair of a link that exists already, for a client that never received it."""
        refresh = self._refresh(user, session, token.id, token.issued_at, token.expires_at)
        return TokenPair(access=self._access(user, session, at), refresh=refresh)

    def _refresh(
        self,
        user: User,
        session: Session,
        token_id: RefreshTokenId,
        issued_at: datetime,
        expires_at: datetime,
    ) -> str:
        return self.codec.write_refresh(
            RefreshClaims(
                id=token_id,
                user_id=user.id,
                session_id=session.id,
                issued_at=issued_at,
                expires_at=expires_at,
                impersonator=session.impersonator,
            )
        )

    def _access(self, user: User, session: Session, at: datetime) -> str:
        return self.codec.write_access(
            AccessClaims(
                user_id=user.id,
                session_id=session.id,
                token_version=user.token_version,
                issued_at=at,
                expires_at=min(at + self.lifetimes.access, session.expires_at),
                impersonator=session.impersonator,
            )
        )
