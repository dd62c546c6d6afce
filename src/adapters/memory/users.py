from datetime import UTC, datetime
from typing import Any, Final

from adapters.memory.database import MemorySchema
from adapters.memory.paging import page_of
from adapters.memory.scoped import Scoped
from application.identity.ports import UserGroups, UserReader
from application.identity.user_views import UserGroup, UserOrder, UserQuery, UserView
from application.shared.page import Page
from domain.identity.user import User, UserNotFoundError
from domain.shared.caller import Permission, UserId

_NEVER: Final = (1, datetime.min.replace(tzinfo=UTC))


class MemoryUserGroups(Scoped, UserGroups):
    async def of(self, user_id: UserId) -> list[UserGroup]:
        return _groups(self._tables, user_id)

    async def permissions(self, user_id: UserId) -> frozenset[Permission]:
        given = given_by_groups(self._tables, user_id)
        return self._scope.permissions(is_admin=False, given=given)


class MemoryUserReader(Scoped, UserReader):
    async def page(self, query: UserQuery) -> Page[UserView]:
        tables = self._tables
        found = [user for user in tables.users.values() if _matches(user, tables, query)]
        found.sort(key=lambda user: _key(user, query.ordering), reverse=query.ordering.value.startswith("-"))
        return page_of([UserView.of(user, _groups(tables, user.id)) for user in found], query.page)

    async def get(self, user_id: UserId) -> UserView:
        tables = self._tables
        if (user := tables.users.get(user_id)) is None:
            raise UserNotFoundError(f"there is no user {user_id}")
        return UserView.of(user, _groups(tables, user_id))


def given_by_groups(tables: MemorySchema, user_id: UserId) -> frozenset[str]:
    """What all of the user's groups give together."""
    mine = [one.group_id for one in tables.group_members.values() if one.user_id == user_id]
    return frozenset(permission for group_id in mine for permission in tables.groups[group_id].permissions)


def is_found(user: User, search: str | None) -> bool:
    """Whether the text is in one of the user's names or in their address."""
    texts = (user.username, user.email, user.first_name, user.last_name)
    return search is None or any(search.casefold() in text.casefold() for text in texts)


def _groups(tables: MemorySchema, user_id: UserId) -> list[UserGroup]:
    mine = [tables.groups[one.group_id] for one in tables.group_members.values() if one.user_id == user_id]
    return [UserGroup(group.id, group.name) for group in sorted(mine, key=lambda group: (group.name, group.id))]


def _matches(user: User, tables: MemorySchema, query: UserQuery) -> bool:
    return (
        is_found(user, query.search)
        and query.is_active in (None, user.is_active)
        and query.is_admin in (None, user.is_admin)
        and (query.group is None or query.group in {group.id for group in _groups(tables, user.id)})
        and (query.created.start is None or query.created.start <= user.created_at)
        and (query.created.end is None or user.created_at <= query.created.end)
    )


def _key(user: User, ordering: UserOrder) -> tuple[Any, ...]:
    value = getattr(user, ordering.value.removeprefix("-"))
    if ordering.value.endswith("last_login_at"):
        value = (0, value) if value else _NEVER
    return value, user.id
