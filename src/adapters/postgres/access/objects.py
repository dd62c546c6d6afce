"""Works on the table of any kind that can be granted: it has the columns `id` and `owner_id`."""

from collections.abc import Set as AbstractSet
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, bindparam, or_, select

from adapters.postgres.access.reach import of_group, of_user
from adapters.postgres.access.rows import GrantRow
from adapters.postgres.access.viewable import VIEWER, groups_of_viewer
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from adapters.postgres.tables import TENANT, Table
from application.access.grant_ports import GrantableObjects
from domain.access.group import GroupId
from domain.shared.caller import UserId
from domain.shared.grantable import Grantable, ObjectPermission
from domain.tenancy.scope import PlatformScope

_GRANTED: Final = Sql(
    select(GrantRow.permissions).where(
        GrantRow.resource == bindparam("resource"),
        GrantRow.object_id == bindparam("object"),
        or_(GrantRow.user_id == VIEWER, GrantRow.group_id.in_(groups_of_viewer())),
    )
)


class PostgresGrantableObjects(GrantableObjects):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def owner(self, kind: Grantable, object_id: UUID) -> UserId:
        return await self._owner(_owner(kind.resource), kind, object_id)

    async def lock(self, kind: Grantable, object_id: UUID) -> UserId:
        return await self._owner(_locked(kind.resource), kind, object_id)

    async def granted(self, kind: Grantable, object_id: UUID, user_id: UserId) -> frozenset[ObjectPermission]:
        records = await self._session.fetch(_GRANTED, resource=kind.resource, object=object_id, viewer=user_id)
        return frozenset(ObjectPermission(permission) for record in records for permission in record[0])

    async def exceed(
        self,
        kind: Grantable,
        *,
        user: UserId | None,
        group: GroupId | None,
        holder: UserId | None,
        everywhere: AbstractSet[ObjectPermission],
    ) -> bool:
        if isinstance(self._session.scope, PlatformScope):
            return False
        sql, other = (of_user(kind.resource), user) if group is None else (of_group(kind.resource), group)
        record = await self._session.fetchrow(
            sql, resource=kind.resource, other=other, viewer=holder, everywhere=sorted(everywhere)
        )
        return bool(record and record[0])

    async def _owner(self, sql: Sql, kind: Grantable, object_id: UUID) -> UserId:
        record = await self._session.fetchrow(sql, key=object_id)
        if record is None:
            raise kind.not_found(object_id)
        return UserId(record[0])


@lru_cache(maxsize=64)
def _owner(resource: str) -> Sql:
    return Sql(_select_owner(resource))


@lru_cache(maxsize=64)
def _locked(resource: str) -> Sql:
    """It waits for whoever changes or deletes the object, and they for us; foreign keys to it do not."""
    return Sql(_select_owner(resource).with_for_update(key_share=True))


def _select_owner(resource: str) -> Select[Any]:
    objects = Table.metadata.tables[f"{TENANT}.{resource}"]
    return select(objects.c.owner_id).where(objects.c.id == bindparam("key"))
