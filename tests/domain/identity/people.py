"""Builders for the domain of identity."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from domain.identity.session import Client, RefreshToken, RefreshTokenId, Session
from domain.identity.user import User
from domain.shared.caller import SessionId, UserId

NOON: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)
CLIENT: Final = Client(address="192.0.2.1", user_agent="a browser")
WEEK: Final = timedelta(days=7)


def a_user(number: int = 1, **changes: Any) -> User:
    """Number 1 is `ada1`, with the address `ada1@example.org`."""
    user = User(
        id=UserId(UUID(int=number)),
        username=f"ada{number}",
        email=f"ada{number}@example.org",
        password_hash="plain:a-good-password",
        created_at=NOON,
        updated_at=NOON,
        created_by=None,
    )
    return replace(user, **changes)


def a_session(number: int = 1, user: int = 1, **changes: Any) -> Session:
    session = Session(
        id=SessionId(UUID(int=number)),
        user_id=UserId(UUID(int=user)),
        client=CLIENT,
        created_at=NOON,
        last_used_at=NOON,
        expires_at=NOON + WEEK,
    )
    return replace(session, **changes)


def a_link(number: int = 1, session: int = 1, **changes: Any) -> RefreshToken:
    """A link of a session's chain; its hash is 32 times the number."""
    link = RefreshToken(
        id=RefreshTokenId(UUID(int=number)),
        session_id=SessionId(UUID(int=session)),
        token_hash=bytes([number]) * 32,
        issued_at=NOON,
        expires_at=NOON + WEEK,
    )
    return replace(link, **changes)
