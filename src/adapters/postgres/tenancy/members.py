from typing import Any, Final

import asyncpg
from sqlalchemy import bindparam, delete, func, insert, select, update

from adapters.postgres.identity.rows import UserRow
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tenancy.rows import MemberRow
from application.tenancy.ports import MemberRepository
from domain.identity.user import UserNotFoundError
from domain.shared.caller import UserId
from domain.tenancy.membership import Member, MemberExistsError, MemberNotFoundError, MemberRole
from domain.tenancy.organization import OrganizationId

_COLUMNS: Final = tuple(MemberRow.__table__.c)
_KEPT: Final = {"id", "organization_id", "user_id", "created_at", "created_by"}
_OF_ORGANIZATION: Final = MemberRow.organization_id == bindparam("organization")
_FIND: Final = Sql(select(*_COLUMNS).where(_OF_ORGANIZATION, MemberRow.user_id == bindparam("user")).with_for_update())
_INSERT: Final = Sql(insert(MemberRow))
_UPDATE: Final = Sql(
    update(MemberRow)
    .where(MemberRow.id == bindparam("key"))
    .values({column.name: bindparam(column.name) for column in _COLUMNS if column.name not in _KEPT})
)
_DELETE: Final = Sql(delete(MemberRow).where(MemberRow.id == bindparam("key")))
_COUNT: Final = Sql(select(func.count()).select_from(MemberRow).where(_OF_ORGANIZATION))
_OTHER_OWNERS: Final = Sql(
    select(func.count())
    .select_from(MemberRow)
    .join(UserRow, UserRow.id == MemberRow.user_id)
    .where(_OF_ORGANIZATION, MemberRow.role == MemberRole.OWNER.value, MemberRow.is_active, UserRow.is_active)
    .where(MemberRow.id != bindparam("key"))
)


class PostgresMemberRepository(MemberRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def find(self, organization_id: OrganizationId, user_id: UserId) -> Member | None:
        record = await self._session.fetchrow(_FIND, organization=organization_id, user=user_id)
        return _to_member(record) if record else None

    async def add(self, member: Member) -> None:
        try:
            await self._session.execute(_INSERT, **_to_row(member))
        except asyncpg.UniqueViolationError as error:
            raise MemberExistsError("this user is a member already") from error
        except asyncpg.ForeignKeyViolationError as error:
            raise UserNotFoundError(f"there is no user {member.user_id}") from error

    async def save(self, member: Member) -> None:
        if not await self._session.execute(_UPDATE, key=member.id, **_to_row(member)):
            raise MemberNotFoundError(f"{member.user_id} is no member")

    async def remove(self, member: Member) -> None:
        await self._session.execute(_DELETE, key=member.id)

    async def count(self, organization_id: OrganizationId) -> int:
        return await self._number(_COUNT, organization=organization_id)

    async def other_owners(self, member: Member) -> int:
        return await self._number(_OTHER_OWNERS, organization=member.organization_id, key=member.id)

    async def _number(self, sql: Sql, **values: Any) -> int:
        record = await self._session.fetchrow(sql, **values)
        return int(record[0]) if record else 0


def _to_row(member: Member) -> dict[str, Any]:
    return {column.name: getattr(member, column.name) for column in _COLUMNS} | {"role": member.role.value}


def _to_member(record: asyncpg.Record) -> Member:
    row = dict(record)
    return Member(role=MemberRole(row.pop("role")), **row)
