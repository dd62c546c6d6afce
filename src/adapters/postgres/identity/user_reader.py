from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, exists, null, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from adapters.postgres.access.memberships import GROUPS
from adapters.postgres.access.rows import GroupMemberRow
from adapters.postgres.access.user_groups import to_groups
from adapters.postgres.identity.rows import UserRow
from adapters.postgres.paging import PageSql, containing
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from application.identity.ports import UserReader
from application.identity.user_views import UserOrder, UserQuery, UserView
from application.shared.page import Page
from domain.identity.user import UserNotFoundError
from domain.shared.caller import UserId
from domain.tenancy.scope import PlatformScope

_IS_MEMBER: Final = exists().where(
    and_(GroupMemberRow.user_id == UserRow.id, GroupMemberRow.group_id == bindparam("group"))
)
SEARCHED: Final = or_(
    *(
        column.ilike(bindparam("search"))
        for column in (UserRow.username, UserRow.email, UserRow.first_name, UserRow.last_name)
    )
)
"""Whether a user has the text `search` in their names or address."""
_FILTERS: Final = {
    "is_active": UserRow.is_active == bindparam("is_active"),
    "is_admin": UserRow.is_admin == bindparam("is_admin"),
    "group": _IS_MEMBER,
    "created_from": UserRow.created_at >= bindparam("created_from"),
    "created_until": UserRow.created_at <= bindparam("created_until"),
    "search": SEARCHED,
}


class PostgresUserReader(UserReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def page(self, query: UserQuery) -> Page[UserView]:
        values = _values(query)
        if self._on_the_platform and values.pop("group", None):
            return Page(0, [])
        statement = _statement(tuple(values), query.ordering, in_a_site=not self._on_the_platform)
        return await statement.fetch(self._session, query.page, _to_view, **values)

    async def get(self, user_id: UserId) -> UserView:
        record = await self._session.fetchrow(_one(in_a_site=not self._on_the_platform), key=user_id)
        if record is None:
            raise UserNotFoundError(f"there is no user {user_id}")
        return _to_view(tuple(record))

    @property
    def _on_the_platform(self) -> bool:
        return isinstance(self._session.scope, PlatformScope)


def _columns(*, in_a_site: bool) -> tuple[InstrumentedAttribute[Any] | ColumnElement[Any], ...]:
    return (
        UserRow.id,
        UserRow.username,
        UserRow.email,
        UserRow.first_name,
        UserRow.last_name,
        UserRow.is_active,
        UserRow.is_admin,
        UserRow.last_login_at,
        (GROUPS if in_a_site else null()).label("groups"),
        UserRow.created_at,
        UserRow.updated_at,
        UserRow.created_by,
        UserRow.version,
    )


@lru_cache(maxsize=2)
def _one(*, in_a_site: bool) -> Sql:
    return Sql(select(*_columns(in_a_site=in_a_site)).where(UserRow.id == bindparam("key")))


@lru_cache(maxsize=256)
def _statement(filters: tuple[str, ...], ordering: UserOrder, *, in_a_site: bool) -> PageSql:
    column = getattr(UserRow, ordering.value.removeprefix("-"))
    down = ordering.value.startswith("-")
    return PageSql(
        _columns(in_a_site=in_a_site),
        [_FILTERS[name] for name in filters],
        [key.desc() if down else key.asc() for key in (column, UserRow.id)],
    )


def _values(query: UserQuery) -> dict[str, Any]:
    given = {
        "is_active": query.is_active,
        "is_admin": query.is_admin,
        "group": query.group,
        "created_from": query.created.start,
        "created_until": query.created.end,
        "search": containing(query.search) if query.search else None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _to_view(columns: tuple[Any, ...]) -> UserView:
    user = UserView(*columns)
    user.groups = to_groups(columns[8])
    return user
