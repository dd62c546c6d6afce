from typing import Final

import asyncpg
from sqlalchemy import bindparam, collate, delete, func, insert, or_, select, update

from adapters.postgres.identity.rows import UserRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from application.identity.ports import UserRepository
from domain.identity.login import folded
from domain.identity.user import (
    EmailTakenError,
    User,
    UserInUseError,
    UsernameTakenError,
    UserNotFoundError,
)
from domain.shared.caller import UserId

_COLUMNS: Final = tuple(UserRow.__table__.c)
_WRITTEN: Final = {column.name for column in _COLUMNS} - {"id", "created_at", "created_by"}
_INSERT: Final = Sql(insert(UserRow))
_SELECT: Final = Sql(select(*_COLUMNS).where(UserRow.id == bindparam("key")).with_for_update())
_BY_LOGIN: Final = Sql(
    select(*_COLUMNS).where(
        or_(
            func.lower(collate(UserRow.username, "C")) == bindparam("login"),
            func.lower(collate(UserRow.email, "C")) == bindparam("login"),
        )
    )
)
_UPDATE: Final = Sql(
    update(UserRow).where(UserRow.id == bindparam("key")).values({name: bindparam(name) for name in sorted(_WRITTEN)})
)
_DELETE: Final = Sql(delete(UserRow).where(UserRow.id == bindparam("key")))
_REFERRED_TO: Final = (asyncpg.ForeignKeyViolationError, asyncpg.RestrictViolationError)
"""What ON DELETE RESTRICT says until PostgreSQL 17, and from 18 on."""
_ADMINS: Final = Sql(
    select(UserRow.id)
    .where(UserRow.is_admin, UserRow.is_active, UserRow.linked_user_id.is_(None))
    .order_by(UserRow.id)
    .with_for_update(key_share=True)  # rows that refer to an admin may still be written
)


class PostgresUserRepository(UserRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def add(self, user: User) -> None:
        await self._write(_INSERT, user)

    async def get(self, user_id: UserId) -> User:
        record = await self._session.fetchrow(_SELECT, key=user_id)
        if record is None:
            raise UserNotFoundError(f"there is no user {user_id}")
        return _to_user(record)

    async def find_by_login(self, login: str) -> User | None:
        if not login.isascii() or "\0" in login:
            return None  # nobody's: names are ASCII
        record = await self._session.fetchrow(_BY_LOGIN, login=folded(login))
        return _to_user(record) if record else None

    async def save(self, user: User) -> None:
        if not await self._write(_UPDATE, user):
            raise UserNotFoundError(f"there is no user {user.id}")

    async def remove(self, user_id: UserId) -> None:
        try:
            removed = await self._session.execute(_DELETE, key=user_id)
        except _REFERRED_TO as error:  # from whichever table: what goes with a user cascades
            raise UserInUseError(f"something still belongs to the user: {error.table_name}") from error
        if not removed:
            raise UserNotFoundError(f"there is no user {user_id}")

    async def lock_admins(self) -> frozenset[UserId]:
        return frozenset(UserId(record["id"]) for record in await self._session.fetch(_ADMINS))

    async def _write(self, sql: Sql, user: User) -> int:
        try:
            return await self._session.execute(sql, key=user.id, **_to_row(user))
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == "uq_users_username":
                raise UsernameTakenError(f"the name {user.username} is taken") from error
            if error.constraint_name == "uq_users_email":
                raise EmailTakenError(f"the address {user.email} is taken") from error
            raise


def _to_row(user: User) -> dict[str, object]:
    return {column.name: getattr(user, column.name) for column in _COLUMNS}


def _to_user(record: asyncpg.Record) -> User:
    return User(**dict(record))
