from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert

from adapters.postgres.identity.rows import UserRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from application.identity.entry_ports import LinkedUserRepository
from domain.identity.user import User
from domain.shared.caller import UserId

_COLUMNS: Final = tuple(UserRow.__table__.c)
_FIND: Final = Sql(select(*_COLUMNS).where(UserRow.linked_user_id == bindparam("linked")).with_for_update())
_INSERT: Final = Sql(
    upsert(UserRow).values({column.name: bindparam(column.name) for column in _COLUMNS}).on_conflict_do_nothing()
)


class PostgresLinkedUserRepository(LinkedUserRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def find(self, linked_user_id: UserId) -> User | None:
        record = await self._session.fetchrow(_FIND, linked=linked_user_id)
        return User(**dict(record)) if record else None

    async def add(self, user: User) -> bool:
        """Waits for whoever is taking the same name, address or link, and can go on afterwards."""
        row = {column.name: getattr(user, column.name) for column in _COLUMNS}
        return bool(await self._session.execute(_INSERT, **row))
