from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, and_, bindparam, or_

from adapters.postgres.identity.rows import PasswordResetRow, RefreshTokenRow, SessionRow
from adapters.postgres.purging import purge
from adapters.postgres.session import ScopedSession
from application.identity.purge_ports import SpentCredentials

_BEFORE: Final[BindParameter[Any]] = bindparam("before")


_TOKENS: Final = purge(RefreshTokenRow, RefreshTokenRow.expires_at < _BEFORE, by=RefreshTokenRow.id)
_SESSIONS: Final = purge(
    SessionRow,
    or_(
        and_(SessionRow.ended_at.is_not(None), SessionRow.expires_at < _BEFORE),
        SessionRow.expires_at < bindparam("open_before"),
    ),
    by=SessionRow.id,
)
_RESETS: Final = purge(PasswordResetRow, PasswordResetRow.expires_at < _BEFORE, by=PasswordResetRow.id)


class PostgresSpentCredentials(SpentCredentials):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def purge_refresh_tokens(self, *, expired_before: datetime, at_most: int) -> int:
        return await self._session.execute(_TOKENS, before=expired_before, most=at_most)

    async def purge_sessions(self, *, expired_before: datetime, open_expired_before: datetime, at_most: int) -> int:
        values = {"before": expired_before, "open_before": open_expired_before}
        return await self._session.execute(_SESSIONS, most=at_most, **values)

    async def purge_password_resets(self, *, expired_before: datetime, at_most: int) -> int:
        return await self._session.execute(_RESETS, before=expired_before, most=at_most)
