from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from operator import attrgetter
from typing import Protocol
from uuid import UUID

from adapters.memory.database import MemorySchema
from adapters.memory.paging import page_of
from adapters.memory.scoped import OfSite
from application.access.grant_ports import GrantableObjects, GrantReader, GrantRepository
from application.access.grant_views import SEES_ALL, GrantQuery, GrantView, Viewer
from application.shared.page import Page
from domain.access.grant import Grant, GrantId, GrantNotFoundError, UnknownReceiverError
from domain.access.group import GroupId
from domain.shared.caller import UserId
from domain.shared.grantable import EVERYTHING, Grantable, ObjectPermission
from domain.tenancy.scope import PlatformScope


class Owned(Protocol):
    """What an entity must have that can be granted, besides the fields that its kind names."""

    @property
    def id(self) -> UUID: ...

    @property
    def owner(self) -> UserId: ...


def may_view(tables: MemorySchema, kind: Grantable, one: Owned, viewer: Viewer) -> bool:
    """What a reader asks of each object of the kind before it shows it."""
    return viewer is SEES_ALL or ObjectPermission.VIEW in _held(tables, kind, one, viewer)


def forget_grants(tables: MemorySchema, kind: Grantable, object_id: UUID) -> None:
    """Grants go with their object: every repository of the kind says so where it removes one."""
    for grant in _on(tables, kind, object_id):
        del tables.grants[grant.id]


class MemoryGrantableObjects(OfSite, GrantableObjects):
    async def owner(self, kind: Grantable, object_id: UUID) -> UserId:
        if (found := _objects(self._tables, kind).get(object_id)) is None:
            raise kind.not_found(object_id)
        return found.owner

    async def lock(self, kind: Grantable, object_ids: Collection[UUID]) -> dict[UUID, UserId]:
        objects = _objects(self._tables, kind)
        return {object_id: objects[object_id].owner for object_id in sorted(object_ids) if object_id in objects}

    async def hold(self, kind: Grantable, object_id: UUID) -> UserId:
        return await self.owner(kind, object_id)

    async def held(
        self, kind: Grantable, object_ids: Collection[UUID], user_id: UserId
    ) -> dict[UUID, frozenset[ObjectPermission]]:
        tables = self._tables
        held = {one.id: _held(tables, kind, one, user_id) for one in self._of(kind, object_ids)}
        return {object_id: permissions for object_id, permissions in held.items() if permissions}

    async def around(self, kind: Grantable, object_ids: Collection[UUID]) -> dict[UUID, list[Grantable]]:
        return {
            one.id: [within.kind for within in kind.within if getattr(one, within.field) is not None]
            for one in self._of(kind, object_ids)
        }

    def _of(self, kind: Grantable, object_ids: Collection[UUID]) -> list[Owned]:
        objects = _objects(self._tables, kind)
        return [objects[object_id] for object_id in object_ids if object_id in objects]

    async def exceed(
        self,
        kind: Grantable,
        *,
        user: UserId | None,
        group: GroupId | None,
        holder: UserId | None,
        everywhere: AbstractSet[ObjectPermission],
    ) -> bool:
        if isinstance(self._scope, PlatformScope):
            return False
        tables = self._tables
        return any(
            _reached(tables, kind, one, user, group) - everywhere - _held(tables, kind, one, holder)
            for one in _objects(tables, kind).values()
        )


class MemoryGrantRepository(OfSite, GrantRepository):
    async def get(self, kind: Grantable, object_id: UUID, grant_id: GrantId) -> Grant:
        for grant in _on(self._tables, kind, object_id):
            if grant.id == grant_id:
                return grant
        raise GrantNotFoundError(f"there is no grant {grant_id}")

    async def find(
        self, kind: Grantable, object_id: UUID, *, user: UserId | None, group: GroupId | None
    ) -> Grant | None:
        on_object = _on(self._tables, kind, object_id)
        return next((grant for grant in on_object if (grant.user, grant.group) == (user, group)), None)

    async def add(self, grant: Grant) -> None:
        tables = self._tables
        if grant.user is not None and grant.user not in tables.users:
            raise UnknownReceiverError("user")
        if grant.group is not None and grant.group not in tables.groups:
            raise UnknownReceiverError("group")
        tables.grants[grant.id] = grant

    async def save(self, grant: Grant) -> None:
        self._tables.grants[grant.id] = grant

    async def remove(self, grant: Grant) -> None:
        del self._tables.grants[grant.id]


class MemoryGrantReader(OfSite, GrantReader):
    async def page(self, kind: Grantable, object_id: UUID, query: GrantQuery, viewer: Viewer) -> Page[GrantView]:
        found = [
            grant
            for grant in _on(self._tables, kind, object_id)
            if _is_shown(self._tables, grant, viewer)
            and query.user in (None, grant.user)
            and query.group in (None, grant.group)
        ]
        key = query.ordering.value.removeprefix("-")
        found.sort(key=attrgetter(key, "id"), reverse=query.ordering.value.startswith("-"))
        return page_of([GrantView.of(grant) for grant in found], query.page)

    async def get(self, kind: Grantable, object_id: UUID, grant_id: GrantId, viewer: Viewer) -> GrantView:
        grant = await MemoryGrantRepository(self._database, self._scope).get(kind, object_id, grant_id)
        if not _is_shown(self._tables, grant, viewer):
            raise GrantNotFoundError(f"there is no grant {grant_id}")
        return GrantView.of(grant)


def _on(tables: MemorySchema, kind: Grantable, object_id: UUID) -> list[Grant]:
    of_object = (kind.resource, object_id)
    return [grant for grant in tables.grants.values() if (grant.resource, grant.object_id) == of_object]


def _is_shown(tables: MemorySchema, grant: Grant, viewer: Viewer) -> bool:
    return viewer is SEES_ALL or grant.user == viewer or (grant.group, viewer) in tables.group_members


def _granted(tables: MemorySchema, kind: Grantable, object_id: UUID, user_id: UserId) -> frozenset[ObjectPermission]:
    received = [grant.permissions for grant in _on(tables, kind, object_id) if _is_shown(tables, grant, user_id)]
    return frozenset().union(*received)


def _objects(tables: MemorySchema, kind: Grantable) -> Mapping[UUID, Owned]:
    objects: Mapping[UUID, Owned] = getattr(tables, kind.resource)
    return objects


def _held(tables: MemorySchema, kind: Grantable, one: Owned, user_id: UserId | None) -> frozenset[ObjectPermission]:
    """As `GrantableObjects.held`."""
    if user_id is None:
        return frozenset()
    if one.owner == user_id:
        return EVERYTHING
    as_party = [party.may for party in kind.parties if getattr(one, party.field) == user_id]
    around = [(within.kind, getattr(one, within.field)) for within in kind.within]
    by_place = [
        _held(tables, outer, _objects(tables, outer)[object_id], user_id)
        for outer, object_id in around
        if object_id is not None
    ]
    return _granted(tables, kind, one.id, user_id).union(*as_party, *by_place)


def _reached(
    tables: MemorySchema, kind: Grantable, one: Owned, user_id: UserId | None, group: GroupId | None
) -> frozenset[ObjectPermission]:
    """What one may do with the object itself, whatever it lies in."""
    if group is not None:
        return frozenset().union(*[grant.permissions for grant in _on(tables, kind, one.id) if grant.group == group])
    if user_id is None:
        return frozenset()
    if one.owner == user_id:
        return EVERYTHING
    as_party = [party.reaches for party in kind.parties if getattr(one, party.field) == user_id]
    return _granted(tables, kind, one.id, user_id).union(*as_party)
