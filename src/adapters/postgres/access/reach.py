"""Who may do what with objects of a kind, as pairs of object and permission, asked of the database as a whole."""

from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    Text,
    Uuid,
    all_,
    any_,
    bindparam,
    exists,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from adapters.postgres.access.rows import GrantRow, GroupMemberRow
from adapters.postgres.access.viewable import VIEWER, groups_of_viewer, table_of
from adapters.postgres.sql import Sql
from domain.shared.grantable import EVERYTHING, Grantable, ObjectPermission

_OTHER: Final = bindparam("other", type_=Uuid())
_OBJECTS: Final = bindparam("objects", type_=ARRAY(Uuid()))
_EVERYWHERE: Final = bindparam("everywhere", type_=ARRAY(Text))


@lru_cache(maxsize=64)
def of_viewer(kind: Grantable) -> Sql:
    """A row with `id` and `permission` for each permission of `viewer` on each of `objects`."""
    held = _held(kind).subquery()
    return Sql(select(held.c.id, held.c.permission).where(held.c.id == any_(_OBJECTS)))


@lru_cache(maxsize=64)
def of_group(kind: Grantable) -> Sql:
    """One row: whether `other`, a group, exceeds `viewer`."""
    return _exceeds(kind, _granted(kind, GrantRow.group_id == _OTHER))


@lru_cache(maxsize=64)
def of_user(kind: Grantable) -> Sql:
    """One row: whether `other`, a user, exceeds `viewer`."""
    groups = select(GroupMemberRow.group_id).where(GroupMemberRow.user_id == _OTHER)
    parties = {party.field: party.reaches for party in kind.parties}
    return _exceeds(kind, union_all(*_direct(kind, _OTHER, groups, parties)))


def _exceeds(kind: Grantable, theirs: Select[Any] | CompoundSelect[Any]) -> Sql:
    may = theirs.subquery()
    beyond = select(may.c.id, may.c.permission).where(may.c.permission != all_(_EVERYWHERE)).except_(_held(kind))
    return Sql(select(exists().select_from(beyond.subquery())))


def _held(kind: Grantable) -> CompoundSelect[Any]:
    """All that `VIEWER` may, as `GrantableObjects.held` says of one object."""
    parties = {party.field: party.may for party in kind.parties}
    inherited = [_inherited(kind, within.field, _held(within.kind)) for within in kind.within]
    return union_all(*_direct(kind, VIEWER, groups_of_viewer(), parties), *inherited)


def _direct(
    kind: Grantable,
    user: BindParameter[Any],
    groups: Select[Any],
    parties: dict[str, frozenset[ObjectPermission]],
) -> list[Select[Any]]:
    """By owning the objects themselves, as a party, and by grants on them."""
    return [
        _named(kind, "owner", user, EVERYTHING),
        *(_named(kind, field, user, permissions) for field, permissions in parties.items()),
        _granted(kind, GrantRow.user_id == user),
        _granted(kind, GrantRow.group_id.in_(groups)),
    ]


def _named(
    kind: Grantable, field: str, user: BindParameter[Any], permissions: frozenset[ObjectPermission]
) -> Select[Any]:
    objects = table_of(kind).alias()
    listed = func.unnest(literal(sorted(permissions), ARRAY(Text)))
    return select(objects.c.id, listed.label("permission")).where(objects.c[f"{field}_id"] == user)


def _granted(kind: Grantable, received: ColumnElement[bool]) -> Select[Any]:
    permissions = func.unnest(GrantRow.permissions).label("permission")
    return select(GrantRow.object_id.label("id"), permissions).where(GrantRow.resource == kind.resource, received)


def _inherited(kind: Grantable, field: str, outer: CompoundSelect[Any]) -> Select[Any]:
    objects, around = table_of(kind).alias(), outer.subquery()
    return select(objects.c.id, around.c.permission).where(objects.c[f"{field}_id"] == around.c.id)
