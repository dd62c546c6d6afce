from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, bindparam, select

from adapters.postgres.access.memberships import GIVEN, GROUPS
from adapters.postgres.identity.rows import UserRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from application.identity.ports import UserGroups
from application.identity.user_views import UserGroup
from domain.shared.caller import Permission, UserId
from domain.tenancy.scope import PlatformScope


def _of_user(column: ColumnElement[Any]) -> Sql:
    return Sql(select(column.label("found")).where(UserRow.id == bindparam("key")))


_GROUPS: Final = _of_user(GROUPS)
_GIVEN: Final = _of_user(GIVEN)
_DECODE: Final = msgspec.json.Decoder(list[UserGroup]).decode


class PostgresUserGroups(UserGroups):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def of(self, user_id: UserId) -> list[UserGroup]:
        return to_groups(await self._find(_GROUPS, user_id))

    async def permissions(self, user_id: UserId) -> frozenset[Permission]:
        given = await self._find(_GIVEN, user_id)
        return self._session.scope.permissions(is_admin=False, given=given or ())

    async def _find(self, sql: Sql, user_id: UserId) -> Any:
        if isinstance(self._session.scope, PlatformScope):
            return None
        record = await self._session.fetchrow(sql, key=user_id)
        return record["found"] if record else None


def to_groups(found: str | None) -> list[UserGroup]:
    """From the JSON of `GROUPS`."""
    return _DECODE(found) if found else []
