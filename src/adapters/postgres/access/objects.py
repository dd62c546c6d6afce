"""Works on the table of any kind that can be granted."""

from collections import defaultdict
from collections.abc import Callable, Collection
from collections.abc import Set as AbstractSet
from functools import lru_cache
from uuid import UUID

import asyncpg
from sqlalchemy import Select, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.postgres.access.reach import of_group, of_user, of_viewer
from adapters.postgres.access.viewable import table_of
from adapters.postgres.session import ScopedSession
from adapters.postgres.sql import Sql
from application.access.grant_ports import GrantableObjects
from domain.access.group import GroupId
from domain.shared.caller import UserId
from domain.shared.grantable import Grantable, ObjectPermission
from domain.tenancy.scope import PlatformScope


class PostgresGrantableObjects(GrantableObjects):
    def __init__(self, session: ScopedSession) -> None:
        self._session = session

    async def owner(self, kind: Grantable, object_id: UUID) -> UserId:
        return _owner(kind, object_id, await self._session.fetch(_look(kind), keys=[object_id]))

    async def lock(self, kind: Grantable, object_ids: Collection[UUID]) -> dict[UUID, UserId]:
        return {record["id"]: record["owner_id"] for record in await self._take(kind, object_ids, _locked)}

    async def hold(self, kind: Grantable, object_id: UUID) -> UserId:
        return _owner(kind, object_id, await self._take(kind, [object_id], _shared))

    async def held(
        self, kind: Grantable, object_ids: Collection[UUID], user_id: UserId
    ) -> dict[UUID, frozenset[ObjectPermission]]:
        held: dict[UUID, set[ObjectPermission]] = defaultdict(set)
        for record in await self._session.fetch(of_viewer(kind), objects=list(object_ids), viewer=user_id):
            held[record["id"]].add(ObjectPermission(record["permission"]))
        return {object_id: frozenset(permissions) for object_id, permissions in held.items()}

    async def around(self, kind: Grantable, object_ids: Collection[UUID]) -> dict[UUID, list[Grantable]]:
        records = await self._session.fetch(_look(kind), keys=list(object_ids))
        return {record["id"]: [outer for outer, _ in _around(kind, [record])] for record in records}

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
        sql, other = (of_user(kind), user) if group is None else (of_group(kind), group)
        record = await self._session.fetchrow(sql, other=other, viewer=holder, everywhere=sorted(everywhere))
        return bool(record and record[0])

    async def _take(
        self, kind: Grantable, object_ids: Collection[UUID], statement: Callable[[Grantable], Sql]
    ) -> list[asyncpg.Record]:
        """The objects, locked, and before them what they lie in, shared; again for what was moved meanwhile."""
        if not kind.within:
            return await self._session.fetch(statement(kind), keys=list(object_ids))
        taken: set[tuple[Grantable, UUID]] = set()
        around = _around(kind, await self._session.fetch(_look(kind), keys=list(object_ids)))
        while True:
            for within in kind.within:
                if outer := [key for outer, key in around - taken if outer == within.kind]:
                    await self._take(within.kind, outer, _shared)
            taken |= around
            records = await self._session.fetch(statement(kind), keys=list(object_ids))
            around = _around(kind, records)
            if around <= taken:
                return records


def _around(kind: Grantable, records: list[asyncpg.Record]) -> set[tuple[Grantable, UUID]]:
    found = ((within.kind, record[f"{within.field}_id"]) for record in records for within in kind.within)
    return {(outer, key) for outer, key in found if key is not None}


def _owner(kind: Grantable, object_id: UUID, records: list[asyncpg.Record]) -> UserId:
    if not records:
        raise kind.not_found(object_id)
    return UserId(records[0]["owner_id"])


@lru_cache(maxsize=64)
def _look(kind: Grantable) -> Sql:
    return Sql(_select(kind))


@lru_cache(maxsize=64)
def _locked(kind: Grantable) -> Sql:
    """It waits for whoever changes, deletes or holds the object, and they for us; foreign keys to it do not."""
    return Sql(_select(kind).with_for_update(key_share=True))


@lru_cache(maxsize=64)
def _shared(kind: Grantable) -> Sql:
    """It waits for whoever changes or deletes the object or shares it, and they for us."""
    return Sql(_select(kind).with_for_update(read=True))


def _select(kind: Grantable) -> Select[tuple[UUID, ...]]:
    objects = table_of(kind)
    around = [objects.c[f"{within.field}_id"] for within in kind.within]
    keys = bindparam("keys", type_=ARRAY(Uuid()))
    return select(objects.c.id, objects.c.owner_id, *around).where(objects.c.id == any_(keys)).order_by(objects.c.id)
