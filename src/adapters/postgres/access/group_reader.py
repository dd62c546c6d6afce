from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, exists, func, select

from adapters.postgres.access.rows import GroupMemberRow, GroupRow
from adapters.postgres.paging import PageSql, containing
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from application.access.ports import GroupReader
from application.access.views import GroupOrder, GroupQuery, GroupView
from application.shared.page import Page
from domain.access.group import GroupId, GroupNotFoundError
from domain.shared.caller import GROUP_PERMISSIONS

_IN_GROUP: Final = GroupMemberRow.group_id == GroupRow.id
_MEMBERS: Final = select(GroupMemberRow.user_id).where(_IN_GROUP).order_by(GroupMemberRow.user_id).scalar_subquery()
_COLUMNS: Final = (
    GroupRow.id,
    GroupRow.name,
    GroupRow.permissions,
    func.array(_MEMBERS).label("members"),
    GroupRow.created_at,
    GroupRow.updated_at,
    GroupRow.created_by,
    GroupRow.version,
)
_FILTERS: Final = {
    "member": exists().where(_IN_GROUP, GroupMemberRow.user_id == bindparam("member")),
    "created_from": GroupRow.created_at >= bindparam("created_from"),
    "created_until": GroupRow.created_at <= bindparam("created_until"),
    "search": GroupRow.name.ilike(bindparam("search")),
}
_ONE: Final = Sql(select(*_COLUMNS).where(GroupRow.id == bindparam("key")))
_IDS: Final = Sql(select(func.array(_MEMBERS)).where(GroupRow.id == bindparam("key")))


class PostgresGroupReader(GroupReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def page(self, query: GroupQuery) -> Page[GroupView]:
        values = _values(query)
        statement = _statement(tuple(values), query.ordering)
        return await statement.fetch(self._session, query.page, _to_view, **values)

    async def get(self, group_id: GroupId) -> GroupView:
        record = await self._session.fetchrow(_ONE, key=group_id)
        if record is None:
            raise GroupNotFoundError(f"there is no group {group_id}")
        return _to_view(tuple(record))

    async def member_ids(self, group_id: GroupId) -> list[UUID]:
        record = await self._session.fetchrow(_IDS, key=group_id)
        return list(record[0]) if record else []


@lru_cache(maxsize=64)
def _statement(filters: tuple[str, ...], ordering: GroupOrder) -> PageSql:
    column = getattr(GroupRow, ordering.value.removeprefix("-"))
    down = ordering.value.startswith("-")
    return PageSql(
        _COLUMNS,
        [_FILTERS[name] for name in filters],
        [key.desc() if down else key.asc() for key in (column, GroupRow.id)],
    )


def _values(query: GroupQuery) -> dict[str, Any]:
    given = {
        "member": query.member,
        "created_from": query.created.start,
        "created_until": query.created.end,
        "search": containing(query.search) if query.search else None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _to_view(columns: tuple[Any, ...]) -> GroupView:
    group = GroupView(*columns)
    group.permissions = sorted(one for one in group.permissions if one in GROUP_PERMISSIONS)
    return group
