from datetime import datetime
from typing import Final

import asyncpg
from sqlalchemy import bindparam, delete, func, insert, select, update

from adapters.postgres.identity.rows import PasswordResetRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from application.identity.reset_ports import PasswordResetRepository
from domain.identity.password_reset import LIFETIME, PasswordReset
from domain.shared.caller import UserId

_COLUMNS: Final = tuple(PasswordResetRow.__table__.c)
_OF_USER: Final = PasswordResetRow.user_id == bindparam("user")
_INSERT: Final = Sql(insert(PasswordResetRow))
_SELECT: Final = Sql(select(*_COLUMNS).where(PasswordResetRow.token_hash == bindparam("token")))
_COUNT: Final = Sql(
    select(func.count()).select_from(PasswordResetRow).where(_OF_USER, PasswordResetRow.created_at > bindparam("since"))
)
_CLOSE: Final = Sql(
    update(PasswordResetRow).where(_OF_USER, PasswordResetRow.used_at.is_(None)).values(used_at=bindparam("at"))
)
_FORGET: Final = Sql(delete(PasswordResetRow).where(_OF_USER, PasswordResetRow.created_at <= bindparam("before")))
_CONSUME: Final = Sql(
    update(PasswordResetRow)
    .where(PasswordResetRow.token_hash == bindparam("token"), PasswordResetRow.used_at.is_(None))
    .values(used_at=bindparam("at"))
    .returning(*(column for column in _COLUMNS if column.name != "used_at"))
)


class PostgresPasswordResetRepository(PasswordResetRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def find(self, token_hash: bytes) -> PasswordReset | None:
        return _to_reset(await self._session.fetchrow(_SELECT, token=token_hash))

    async def count(self, user_id: UserId, *, since: datetime) -> int:
        record = await self._session.fetchrow(_COUNT, user=user_id, since=since)
        return int(record[0]) if record else 0

    async def replace(self, reset: PasswordReset) -> None:
        """What is too old to be used or counted goes, so that the table stays small; its history stays."""
        await self._session.execute(_FORGET, user=reset.user_id, before=reset.created_at - LIFETIME)
        await self._session.execute(_CLOSE, user=reset.user_id, at=reset.created_at)
        await self._session.execute(_INSERT, **{column.name: getattr(reset, column.name) for column in _COLUMNS})

    async def consume(self, token_hash: bytes, *, at: datetime) -> PasswordReset | None:
        return _to_reset(await self._session.fetchrow(_CONSUME, token=token_hash, at=at))


def _to_reset(record: asyncpg.Record | None) -> PasswordReset | None:
    return PasswordReset(**dict(record)) if record else None
