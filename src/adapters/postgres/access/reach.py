"""Whether one may do with any object of a kind what another may not, asked of the database as a whole."""

from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
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
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from adapters.postgres.access.rows import GrantRow, GroupMemberRow
from adapters.postgres.access.viewable import VIEWER, groups_of_viewer
from adapters.postgres.sql import Sql
from adapters.postgres.tables import TENANT, Table
from domain.shared.grantable import ObjectPermission

_OTHER: Final = bindparam("other", type_=Uuid())
_RESOURCE: Final = bindparam("resource", type_=Text())
_EVERYWHERE: Final = bindparam("everywhere", type_=ARRAY(Text))
_EVERYTHING: Final = literal(sorted(ObjectPermission), ARRAY(Text))


@lru_cache(maxsize=64)
def of_group(resource: str) -> Sql:
    """One row: whether `other`, a group, exceeds `viewer`."""
    return _exceeds(resource, _granted(GrantRow.group_id == _OTHER))


@lru_cache(maxsize=64)
def of_user(resource: str) -> Sql:
    """One row: whether `other`, a user, exceeds `viewer`."""
    groups = select(GroupMemberRow.group_id).where(GroupMemberRow.user_id == _OTHER)
    objects = _table(resource)
    own = select(objects.c.id, func.unnest(_EVERYTHING)).where(objects.c.owner_id == _OTHER)
    return _exceeds(
        resource, union_all(own, _granted(GrantRow.user_id == _OTHER), _granted(GrantRow.group_id.in_(groups)))
    )


def _granted(received: ColumnElement[bool]) -> Select[Any]:
    return select(GrantRow.object_id, func.unnest(GrantRow.permissions)).where(GrantRow.resource == _RESOURCE, received)


def _exceeds(resource: str, theirs: Select[Any] | CompoundSelect[Any]) -> Sql:
    may = theirs.cte("may", nesting=True)
    object_id, permission = may.c
    held, objects = aliased(GrantRow), _table(resource)
    granted = exists().where(
        held.resource == _RESOURCE,
        held.object_id == object_id,
        or_(held.user_id == VIEWER, held.group_id.in_(groups_of_viewer())),
        permission == any_(held.permissions),
    )
    own = exists().where(objects.c.id == object_id, objects.c.owner_id == VIEWER)
    return Sql(select(exists().where(permission != all_(_EVERYWHERE), ~granted, ~own)))


def _table(resource: str) -> Any:
    return Table.metadata.tables[f"{TENANT}.{resource}"]
