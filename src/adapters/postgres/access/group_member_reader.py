from functools import lru_cache
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, bindparam, exists, func, literal_column, select
from sqlalchemy.orm import InstrumentedAttribute

from adapters.postgres.access.rows import GroupMemberRow
from adapters.postgres.identity.rows import UserRow
from adapters.postgres.identity.user_reader import SEARCHED
from adapters.postgres.paging import PageSql, containing
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from application.access.ports import GroupMemberReader
from application.access.views import GroupMemberOrder, GroupMemberQuery, GroupMemberUser, GroupMemberView
from application.shared.page import Page
from domain.access.group import GroupId, GroupMemberNotFoundError
from domain.shared.caller import UserId

_IS_MEMBER: Final = UserRow.id == GroupMemberRow.user_id


def _user(column: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    return select(column).where(_IS_MEMBER).scalar_subquery()


_SHOWN: Final = {
    "id": UserRow.id,
    "username": UserRow.username,
    "email": UserRow.email,
    "full_name": func.btrim(UserRow.first_name + literal_column("' '") + UserRow.last_name),
    "is_active": UserRow.is_active,
}
_PAIRS: Final = (part for name, column in _SHOWN.items() for part in (literal_column(f"'{name}'"), column))
_COLUMNS: Final = (
    GroupMemberRow.id,
    _user(func.json_build_object(*_PAIRS)).label("user"),
    GroupMemberRow.created_at,
    GroupMemberRow.created_by,
)
_OF_GROUP: Final = GroupMemberRow.group_id == bindparam("group")
_ORDERS: Final = {"username": _user(UserRow.username), "created_at": GroupMemberRow.created_at}
_ONE: Final = Sql(select(*_COLUMNS).where(_OF_GROUP, GroupMemberRow.user_id == bindparam("member")))
_DECODE: Final = msgspec.json.Decoder(GroupMemberUser).decode


class PostgresGroupMemberReader(GroupMemberReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def page(self, group_id: GroupId, query: GroupMemberQuery) -> Page[GroupMemberView]:
        values = {"search": containing(query.search)} if query.search else {}
        statement = _statement(query.ordering, searched=bool(values))
        return await statement.fetch(self._session, query.page, _to_view, group=group_id, **values)

    async def get(self, group_id: GroupId, user_id: UserId) -> GroupMemberView:
        record = await self._session.fetchrow(_ONE, group=group_id, member=user_id)
        if record is None:
            raise GroupMemberNotFoundError(f"{user_id} is no member of this group")
        return _to_view(tuple(record))


@lru_cache(maxsize=16)
def _statement(ordering: GroupMemberOrder, *, searched: bool) -> PageSql:
    column = _ORDERS[ordering.value.removeprefix("-")]
    down = ordering.value.startswith("-")
    return PageSql(
        _COLUMNS,
        [_OF_GROUP, exists().where(_IS_MEMBER, SEARCHED)] if searched else [_OF_GROUP],
        [key.desc() if down else key.asc() for key in (column, GroupMemberRow.id)],
    )


def _to_view(columns: tuple[Any, ...]) -> GroupMemberView:
    member_id, user, created_at, created_by = columns
    return GroupMemberView(member_id, _DECODE(user), created_at, created_by)
