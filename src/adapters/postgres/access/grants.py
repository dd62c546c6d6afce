from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import asyncpg
from sqlalchemy import bindparam, delete, insert, or_, select, update

from adapters.postgres.access.rows import GrantRow
from adapters.postgres.access.viewable import VIEWER, groups_of_viewer
from adapters.postgres.paging import PageSql
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from application.access.grant_ports import GrantReader, GrantRepository
from application.access.grant_views import SEES_ALL, GrantOrder, GrantQuery, GrantView, Viewer, in_order
from application.shared.page import Page
from domain.access.grant import Grant, GrantId, GrantNotFoundError, UnknownReceiverError
from domain.access.group import GroupId
from domain.shared.caller import UserId
from domain.shared.grantable import Grantable, ObjectPermission

_ON_OBJECT: Final = (GrantRow.resource == bindparam("resource"), GrantRow.object_id == bindparam("object"))
_WITH_ID: Final = GrantRow.id == bindparam("key")
_OF_OBJECT: Final = select(*GrantRow.__table__.c).where(*_ON_OBJECT).with_for_update()
_GET: Final = Sql(_OF_OBJECT.where(_WITH_ID))
_FIND: Final = Sql(
    _OF_OBJECT.where(or_(GrantRow.user_id == bindparam("user"), GrantRow.group_id == bindparam("group")))
)
_INSERT: Final = Sql(insert(GrantRow))
_UPDATE: Final = Sql(
    update(GrantRow)
    .where(_WITH_ID)
    .values({name: bindparam(name) for name in ("permissions", "granted_by", "updated_at", "version")})
)
_DELETE: Final = Sql(delete(GrantRow).where(_WITH_ID))
_RECEIVERS: Final = {"fk_grants_user_id_users": "user", "fk_grants_group_id_groups": "group"}


class PostgresGrantRepository(GrantRepository):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def get(self, kind: Grantable, object_id: UUID, grant_id: GrantId) -> Grant:
        record = await self._session.fetchrow(_GET, resource=kind.resource, object=object_id, key=grant_id)
        if record is None:
            raise GrantNotFoundError(f"there is no grant {grant_id}")
        return _to_grant(record)

    async def find(
        self, kind: Grantable, object_id: UUID, *, user: UserId | None, group: GroupId | None
    ) -> Grant | None:
        record = await self._session.fetchrow(_FIND, resource=kind.resource, object=object_id, user=user, group=group)
        return _to_grant(record) if record else None

    async def add(self, grant: Grant) -> None:
        try:
            await self._session.execute(_INSERT, **_to_row(grant))
        except asyncpg.ForeignKeyViolationError as error:
            if field := _RECEIVERS.get(str(error.constraint_name)):
                raise UnknownReceiverError(field) from error
            raise

    async def save(self, grant: Grant) -> None:
        await self._session.execute(_UPDATE, key=grant.id, **_to_row(grant))

    async def remove(self, grant: Grant) -> None:
        await self._session.execute(_DELETE, key=grant.id)


_COLUMNS: Final = (
    GrantRow.id,
    GrantRow.user_id,
    GrantRow.group_id,
    GrantRow.permissions,
    GrantRow.granted_by,
    GrantRow.created_at,
    GrantRow.updated_at,
    GrantRow.created_by,
    GrantRow.version,
)
_FILTERS: Final = {
    "user": GrantRow.user_id == bindparam("user"),
    "group": GrantRow.group_id == bindparam("group"),
    "viewer": or_(GrantRow.user_id == VIEWER, GrantRow.group_id.in_(groups_of_viewer())),
}
_ANY: Final = Sql(select(*_COLUMNS).where(*_ON_OBJECT, _WITH_ID))
_OWN: Final = Sql(select(*_COLUMNS).where(*_ON_OBJECT, _WITH_ID, _FILTERS["viewer"]))


class PostgresGrantReader(GrantReader):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def page(self, kind: Grantable, object_id: UUID, query: GrantQuery, viewer: Viewer) -> Page[GrantView]:
        given = {"user": query.user, "group": query.group, "viewer": None if viewer is SEES_ALL else viewer}
        values = {name: value for name, value in given.items() if value is not None}
        statement = _statement(tuple(values), query.ordering)
        return await statement.fetch(
            self._session, query.page, _to_view, resource=kind.resource, object=object_id, **values
        )

    async def get(self, kind: Grantable, object_id: UUID, grant_id: GrantId, viewer: Viewer) -> GrantView:
        values: dict[str, Any] = {"resource": kind.resource, "object": object_id, "key": grant_id}
        if viewer is SEES_ALL:
            record = await self._session.fetchrow(_ANY, **values)
        else:
            record = await self._session.fetchrow(_OWN, **values, viewer=viewer)
        if record is None:
            raise GrantNotFoundError(f"there is no grant {grant_id}")
        return _to_view(tuple(record))


@lru_cache(maxsize=64)
def _statement(filters: tuple[str, ...], ordering: GrantOrder) -> PageSql:
    keys = (getattr(GrantRow, ordering.value.removeprefix("-")), GrantRow.id)
    down = ordering.value.startswith("-")
    return PageSql(
        _COLUMNS,
        [*_ON_OBJECT, *(_FILTERS[name] for name in filters)],
        [key.desc() if down else key.asc() for key in keys],
    )


def _to_row(grant: Grant) -> dict[str, Any]:
    return {
        "id": grant.id,
        "resource": grant.resource,
        "object_id": grant.object_id,
        "user_id": grant.user,
        "group_id": grant.group,
        "permissions": in_order(grant.permissions),
        "granted_by": grant.granted_by,
        "created_at": grant.created_at,
        "updated_at": grant.updated_at,
        "created_by": grant.created_by,
        "version": grant.version,
    }


def _to_grant(record: asyncpg.Record) -> Grant:
    row = dict(record)
    permissions = frozenset(ObjectPermission(one) for one in row.pop("permissions"))
    return Grant(user=row.pop("user_id"), group=row.pop("group_id"), permissions=permissions, **row)


def _to_view(columns: tuple[Any, ...]) -> GrantView:
    grant = GrantView(*columns)
    grant.permissions = in_order(grant.permissions)
    return grant
