from datetime import datetime
from typing import Final

import asyncpg
from sqlalchemy import bindparam, insert, select, update

from adapters.postgres.identity.rows import RefreshTokenRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from application.identity.ports import RefreshTokenRepository
from domain.identity.session import RefreshToken, RefreshTokenId
from domain.shared.caller import SessionId

_COLUMNS: Final = tuple(RefreshTokenRow.__table__.c)
_INSERT: Final = Sql(insert(RefreshTokenRow))
_BY_HASH: Final = Sql(select(*_COLUMNS).where(RefreshTokenRow.token_hash == bindparam("token_hash")))
_BY_ID: Final = Sql(select(*_COLUMNS).where(RefreshTokenRow.id == bindparam("key")))
_CONSUME: Final = Sql(
    update(RefreshTokenRow)
    .where(
        RefreshTokenRow.token_hash == bindparam("hash"),
        RefreshTokenRow.consumed_at.is_(None),
        RefreshTokenRow.expires_at > bindparam("at"),
    )
    .values(consumed_at=bindparam("at"), successor_id=bindparam("successor"))
    .returning(*_COLUMNS)
)


class PostgresRefreshTokenRepository(RefreshTokenRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def add(self, token: RefreshToken) -> None:
        row = {column.name: getattr(token, column.name) for column in _COLUMNS}
        await self._session.execute(_INSERT, **row)

    async def consume(self, token_hash: bytes, successor: RefreshTokenId, *, at: datetime) -> RefreshToken | None:
        record = await self._session.fetchrow(_CONSUME, hash=token_hash, successor=successor, at=at)
        return _to_token(record) if record else None

    async def find(self, token_hash: bytes) -> RefreshToken | None:
        record = await self._session.fetchrow(_BY_HASH, token_hash=token_hash)
        return _to_token(record) if record else None

    async def get(self, token_id: RefreshTokenId) -> RefreshToken:
        record = await self._session.fetchrow(_BY_ID, key=token_id)
        if record is None:
            raise LookupError(f"refresh token {token_id} has no row")
        return _to_token(record)


def _to_token(record: asyncpg.Record) -> RefreshToken:
    successor = record["successor_id"]
    return RefreshToken(
        id=RefreshTokenId(record["id"]),
        session_id=SessionId(record["session_id"]),
        token_hash=record["token_hash"],
        issued_at=record["issued_at"],
        expires_at=record["expires_at"],
        consumed_at=record["consumed_at"],
        successor_id=RefreshTokenId(successor) if successor else None,
    )
