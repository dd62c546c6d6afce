from typing import Any, Final

import asyncpg
from sqlalchemy import bindparam, delete, insert, select, update

from adapters.postgres.access.rows import GroupMemberRow, GroupRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from application.access.ports import GroupMemberRepository, GroupRepository
from domain.access.group import (
    Group,
    GroupId,
    GroupMember,
    GroupMemberExistsError,
    GroupMemberNotFoundError,
    GroupNameTakenError,
    GroupNotFoundError,
    UnknownMemberError,
)
from domain.shared.caller import GROUP_PERMISSIONS, UserId
from domain.shared.errors import StaleError

_COLUMNS: Final = tuple(GroupRow.__table__.c)
_MEMBER_COLUMNS: Final = tuple(GroupMemberRow.__table__.c)
_WITH_ID: Final = GroupRow.id == bindparam("key")
_INSERT: Final = Sql(insert(GroupRow))
_SELECT: Final = Sql(select(*_COLUMNS).where(_WITH_ID).with_for_update())
_UPDATE: Final = Sql(
    update(GroupRow)
    .where(_WITH_ID)
    .values({name: bindparam(name) for name in ("name", "permissions", "updated_at", "version")})
)
_DELETE: Final = Sql(delete(GroupRow).where(_WITH_ID))
_INSERT_MEMBER: Final = Sql(insert(GroupMemberRow))
_DELETE_MEMBER: Final = Sql(
    delete(GroupMemberRow).where(
        GroupMemberRow.group_id == bindparam("group"), GroupMemberRow.user_id == bindparam("user")
    )
)


class PostgresGroupRepository(GroupRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def add(self, group: Group) -> None:
        await self._write(_INSERT, group)

    async def get(self, group_id: GroupId) -> Group:
        record = await self._session.fetchrow(_SELECT, key=group_id)
        if record is None:
            raise _missing(group_id)
        return _to_group(record)

    async def save(self, group: Group) -> None:
        if not await self._write(_UPDATE, group):
            raise _missing(group.id)

    async def remove(self, group_id: GroupId) -> None:
        if not await self._session.execute(_DELETE, key=group_id):
            raise _missing(group_id)

    async def _write(self, sql: Sql, group: Group) -> int:
        try:
            return await self._session.execute(sql, key=group.id, **_to_row(group))
        except asyncpg.UniqueViolationError as error:
            if error.constraint_name == "uq_groups_name":
                raise GroupNameTakenError(f"there is a group {group.name!r} already") from error
            raise StaleError(f"there is a group {group.id} again") from error


class PostgresGroupMemberRepository(GroupMemberRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def add(self, member: GroupMember) -> None:
        row = {column.name: getattr(member, column.name) for column in _MEMBER_COLUMNS}
        try:
            await self._session.execute(_INSERT_MEMBER, **row)
        except asyncpg.UniqueViolationError as error:
            raise GroupMemberExistsError("this user is a member already") from error
        except asyncpg.ForeignKeyViolationError as error:
            if error.constraint_name == "fk_group_members_user_id_users":
                raise UnknownMemberError from error
            raise _missing(member.group_id) from error

    async def remove(self, group_id: GroupId, user_id: UserId) -> None:
        if not await self._session.execute(_DELETE_MEMBER, group=group_id, user=user_id):
            raise GroupMemberNotFoundError(f"{user_id} is no member of this group")


def _missing(group_id: GroupId) -> GroupNotFoundError:
    return GroupNotFoundError(f"there is no group {group_id}")


def _to_row(group: Group) -> dict[str, object]:
    row = {column.name: getattr(group, column.name) for column in _COLUMNS}
    return row | {"permissions": sorted(str(one) for one in group.permissions)}


def _to_group(record: asyncpg.Record) -> Group:
    """Permissions of another release mean nothing here."""
    row: dict[str, Any] = dict(record)
    return Group(permissions=GROUP_PERMISSIONS.intersection(row.pop("permissions")), **row)
