from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, delete, or_, select

from adapters.postgres.identity.rows import PasswordResetRow, RefreshTokenRow, SessionRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from application.identity.purge_ports import SpentCredentials

_BEFORE: Final[BindParameter[Any]] = bindparam("before")


def _purge(row: type[Any], spent: ColumnElement[bool]) -> Sql:
    """What somebody holds just now is left for the next time."""
    some = select(row.id).where(spent).order_by(row.id).limit(bindparam("most")).with_for_update(skip_locked=True)
    return Sql(delete(row).where(row.id.in_(some)))


_TOKENS: Final = _purge(RefreshTokenRow, RefreshTokenRow.expires_at < _BEFORE)
_SESSIONS: Final = _purge(
    SessionRow,
    or_(
        and_(SessionRow.ended_at.is_not(None), SessionRow.expires_at < _BEFORE),
        SessionRow.expires_at < bindparam("open_before"),
    ),
)
_RESETS: Final = _purge(PasswordResetRow, PasswordResetRow.expires_at < _BEFORE)


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
